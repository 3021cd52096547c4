"""Makes the real project many times larger, with fresh ids, so that growth can be measured."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

PAGES = {"stages": ("stages", "stage_guide"), "principles": ("compact", "principle"), "audiences": ("audiences", "audience")}
FOLDERS = ("stages", "recommendations", "values", "audiences", "principles", "glossary", "sources")


def copied(root: Path, folder: Path, times: int) -> Path:
    """Lay out the project `root` in `folder` with its records `times` over; copies name one another, never the originals."""
    shutil.copytree(root / "data", folder / "data")
    shutil.copytree(root / "content", folder / "content")
    shutil.copy(root / "mkdocs.yml", folder)
    stages = len(list((root / "data/stages").iterdir()))
    principles = len(list((root / "data/principles").iterdir()))
    for copy in range(1, times):
        for name in FOLDERS:
            for source in (root / "data" / name).iterdir():
                text = source.read_text("utf-8")
                path = folder / "data" / name / f"{renamed(source.stem, name, copy, stages, principles)}.yml"
                path.write_text(changed(text, name, copy, stages, principles), "utf-8")
                if page := PAGES.get(name):
                    show = f'---\ndescription: "A copy of a page, made to measure."\n---\n\n{{{{ {page[1]}("{path.stem}") }}}}\n'
                    (folder / "content" / page[0] / f"{path.stem}.md").write_text(show, "utf-8")
    return folder


def renamed(stem: str, folder: str, copy: int, stages: int, principles: int) -> str:
    """Return the id of copy number `copy` of the record `stem`."""
    shift = copy * (stages if folder in ("stages", "recommendations") else principles)
    if folder in ("stages", "recommendations", "principles"):
        return re.sub(r"^\d+", lambda m: str(int(m[0]) + shift), stem)
    return f"{stem}-{copy}"


def changed(text: str, folder: str, copy: int, stages: int, principles: int) -> str:
    """Return the `text` of a record of `folder`, so that it belongs to copy number `copy`."""

    def ids(kind: str, found: str) -> str:
        return ", ".join(renamed(i.strip(), kind, copy, stages, principles) for i in found.split(","))

    keys = {"values": "values", "terms": "glossary", "see": "glossary", "audience": "audiences", "sources": "sources", "stages": "stages"}
    for key, kind in keys.items():
        text = re.sub(rf"^([ -]*{key}: \[)(.*?)\]", lambda m, k=kind: f"{m[1]}{ids(k, m[2])}]", text, flags=re.MULTILINE)  # type: ignore[misc]
    for key, kind in {"stage": "stages", "principle": "principles", "audience": "audiences"}.items():
        text = re.sub(rf"^([ -]*{key}: )([\w-]+)$", lambda m, k=kind: m[1] + ids(k, m[2]), text, flags=re.MULTILINE)  # type: ignore[misc]
    text = re.sub(r"^( *- term: )([\w-]+)$", lambda m: m[1] + ids("glossary", m[2]), text, flags=re.MULTILINE)
    text = re.sub(r"(?<=sources:\n)(?: +- [\w-]+\n)+", lambda m: re.sub(r"- ([\w-]+)", lambda n: f"- {n[1]}-{copy}", m[0]), text)
    text = re.sub(r"\[\[([\w-]+)", rf"[[\1-{copy}", text)
    text = re.sub(r"\]\(source/([\w-]+)\)", rf"](source/\1-{copy})", text)
    if folder in ("stages", "principles"):
        shift = copy * (stages if folder == "stages" else principles)
        text = re.sub(r"^number: (\d+)", lambda m: f"number: {int(m[1]) + shift}", text, flags=re.MULTILINE)
        text = re.sub(r'^(  - number: ")(\d+)', lambda m: f"{m[1]}{int(m[2]) + shift}", text, flags=re.MULTILINE)
    if folder == "recommendations":
        text = re.sub(r"undertakings: \[.*\]\n", "undertakings: []\n", text)
        text += "added: 2026-11\n"
    if folder == "glossary":
        text = re.sub(
            r"^term: (.*?)\"?$", lambda m: f"term: {m[1]} {copy}" + ('"' if m[1].startswith('"') else ""), text, flags=re.MULTILINE
        )
        text = re.sub(r"^also:.*\n(?:  - .*\n)*", "", text, flags=re.MULTILINE)
    return text
