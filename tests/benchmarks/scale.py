"""Makes the real project many times larger, with fresh ids, so that growth can be measured."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from macros import tree
from macros.kinds import KINDS

PAGES = {"stages": "stages", "principles": "compact", "audiences": "audiences"}
"""The folders whose records have a page each, and where those pages stand in content/."""
LISTS = {
    "values": "values",
    "terms": "glossary",
    "see": "glossary",
    "audience": "audiences",
    "sources": "sources",
    "stages": "stages",
    "recommendations": "recommendations",
}
SINGLE = {"stage": "stages", "principle": "principles", "audience": "audiences", "term": "glossary"}
ROOT = Path(__file__).parent.parent.parent
Rename = Callable[[str, str], str]
"""Takes a folder and an id; returns the id in the copy."""


def unlimited() -> None:
    """Let this process read more files and bytes than a project may hold."""
    tree.MOST_FILES = tree.MOST_BYTES = sys.maxsize


def copied(root: Path, folder: Path, times: int) -> Path:
    """Lay out the project `root` in `folder`, ready to be built, with its records `times` over.

    Copies name one another, never the originals. What has a page each (stages, principles, audiences) has one in each copy, and
    stands in the menu beside the original; what shares a page (the glossary, sources, values, laws) shares it with all copies.
    """
    for name in ("data", "content", "overrides"):
        shutil.copytree(root / name, folder / name)
    (folder / "macros").symlink_to(ROOT / "macros")
    counts = {cls.folder: len(list((root / "data" / cls.folder).iterdir())) for cls in KINDS.values()}
    made: dict[str, list[str]] = {place: [] for place in PAGES.values()}
    for copy in range(1, times):

        def rename(name: str, stem: str) -> str:
            if name in ("stages", "recommendations", "principles"):
                shift = copy * counts["principles" if name == "principles" else "stages"]  # noqa: B023  (called in this turn)
                return re.sub(r"^\d+", lambda m: str(int(m[0]) + shift), stem)
            return f"{stem}-{copy}"  # noqa: B023

        for name, held in counts.items():
            for source in sorted((root / "data" / name).iterdir()):
                path = folder / "data" / name / f"{rename(name, source.stem)}.yml"
                path.write_text(changed(source.read_text("utf-8"), name, rename, copy, copy * held), "utf-8")
                if place := PAGES.get(name):
                    shown = (root / "content" / place / f"{source.stem}.md").read_text("utf-8")
                    page = folder / "content" / place / f"{path.stem}.md"
                    page.write_text(shown.replace(f'"{source.stem}"', f'"{path.stem}"'), "utf-8")
                    made[place].append(f"{place}/{page.name}")
    settings = (root / "mkdocs.yml").read_text("utf-8")
    for place, pages in made.items():
        for last in list(re.finditer(rf"^( +)- {place}/.*\n", settings, re.MULTILINE))[-1:]:
            settings = settings[: last.end()] + "".join(f"{last[1]}- {page}\n" for page in pages) + settings[last.end() :]
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    return folder


def changed(text: str, folder: str, rename: Rename, copy: int, shift: int) -> str:
    """Return the `text` of a record of `folder`, so that it belongs to copy number `copy`; its number grows by `shift`."""

    def ids(name: str, found: str) -> str:
        return ", ".join(rename(name, i.strip()) for i in found.split(",") if i.strip())

    if folder == "glossary":
        text = re.sub(r"^term: (.*?)(\"?)$", rf"term: \1 {copy}\2", text, flags=re.MULTILINE)
        text = re.sub(r"^also:.*\n(?:  - .*\n)*", "", text, flags=re.MULTILINE)
    if folder == "sources":
        text = re.sub(r"^web: (.*?)(\"?)$", rf"web: \1?{copy}\2", text, flags=re.MULTILINE)
    for key, name in LISTS.items():
        text = re.sub(rf"^([ -]*{key}: \[)(.*?)\]", lambda m, n=name: f"{m[1]}{ids(n, m[2])}]", text, flags=re.MULTILINE)  # type: ignore[misc]
        block = rf"(^ *{key}:\n)((?: +- [\w-]+\n)+)"
        text = re.sub(block, lambda m, n=name: m[1] + re.sub(r"- ([\w-]+)", lambda i: f"- {ids(n, i[1])}", m[2]), text, flags=re.MULTILINE)  # type: ignore[misc]
    for key, name in SINGLE.items():
        if folder != "glossary" or key != "term":
            text = re.sub(rf"^([ -]*{key}: )([\w-]+)$", lambda m, n=name: m[1] + ids(n, m[2]), text, flags=re.MULTILINE)  # type: ignore[misc]
    text = re.sub(r"^( *- term: )([\w-]+)$", lambda m: m[1] + ids("glossary", m[2]), text, flags=re.MULTILINE)
    text = re.sub(r"\[\[([\w-]+)", rf"[[\1-{copy}", text)
    text = re.sub(r"\]\((source|term)/([\w-]+)\)", rf"](\1/\2-{copy})", text)
    text = re.sub(r"\]\((\d+[a-z])\)", lambda m: f"]({rename('recommendations', m[1])})", text)
    text = re.sub(r"^number: (\d+)", lambda m: f"number: {int(m[1]) + shift}", text, flags=re.MULTILINE)
    if folder == "principles":
        text = re.sub(r'^(  - number: ")(\d+)', lambda m: f"{m[1]}{int(m[2]) + shift}", text, flags=re.MULTILINE)
    if folder == "recommendations":
        text = re.sub(r"undertakings: \[.*\]\n", "undertakings: []\n", text)
        text += "" if re.search(r"^added:", text, re.MULTILINE) else "added: 2026-11\n"
    return text
