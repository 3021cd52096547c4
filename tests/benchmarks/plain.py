"""Lays out the same pages with the macros already expanded, for plain MkDocs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

from macros.rendering.page_macros import Library
from macros.site_build.project import read_project

_SEARCH = re.compile(r"^search:\n(?:  - .*\n)+", re.MULTILINE)
"""What the head of a page says to our search; the theme's means another thing by it."""


def expanded(root: Path, folder: Path) -> Path:
    """Lay out in `folder` the pages of the project `root` with the macros already expanded, for plain MkDocs with its own search."""
    framework = read_project(root).framework
    assert framework is not None
    here = ""
    macros = Library(framework, lambda: here).macros()
    for source in (root / "content").rglob("*"):
        target = folder / source.relative_to(root)
        if source.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix != ".md":
            shutil.copy(source, target)
            continue
        path = source.relative_to(root / "content").as_posix()
        here = re.sub(r"(^|/)index\.md$", r"\1", path)
        here = here.removesuffix(".md") + "/" if here.endswith(".md") else here

        def call(found: re.Match[str]) -> str:
            return str(macros[found[1]](*re.findall(r'"([^"]*)"', found[2])))

        text = _SEARCH.sub("", source.read_text("utf-8"))
        target.write_text(re.sub(r"\{\{ (\w+)\((.*?)\) \}\}", call, text), "utf-8")
    shutil.copytree(root / "overrides", folder / "overrides")
    settings = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
    for ours in ("hooks", "watch"):
        settings.pop(ours, None)
    settings["plugins"] = ["search"]
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    return folder
