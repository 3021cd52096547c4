"""Lays out the same pages with the macros already expanded, for plain MkDocs and for Hugo."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

from macros.library import Library
from macros.project import read_project

_MENU = '<nav>{{ range .Site.Sections }}<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a> {{ end }}</nav>'
_PAGE = f"<!doctype html>\n<html lang=en><title>{{{{ .Title }}}}</title>\n<body>{_MENU}\n<main>{{{{ .Content }}}}</main>\n"
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


def for_hugo(plain: Path, folder: Path) -> Path:
    """Lay out in `folder` the pages of `plain`, as expanded for MkDocs, for Hugo, in a frame of a few lines: sections and the page."""
    for source in (plain / "content").rglob("*.md"):
        target = folder / source.relative_to(plain)
        target = target.with_name("_index.md") if target.name == "index.md" else target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"\{: (#[\w-]+) \}", r"{\1}", source.read_text("utf-8")), "utf-8")
    (folder / "layouts" / "_default").mkdir(parents=True)
    for name in ("single", "list"):
        (folder / "layouts" / "_default" / f"{name}.html").write_text(_PAGE, "utf-8")
    settings = ('baseURL = "https://framework.example.org/"', 'disableKinds = ["taxonomy", "term", "RSS"]')
    (folder / "config.toml").write_text("\n".join((*settings, "[markup.goldmark.renderer]", "unsafe = true", "")), "utf-8")
    return folder
