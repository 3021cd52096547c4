"""The same pages for plain MkDocs, with the macros already expanded."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from macros.rendering.page_macros import PageMacros
from macros.site_build.record_pages import write_content
from tests.conftest import framework_of

_SEARCH = re.compile(r"^search:\n(?:  - .*\n)+", re.MULTILINE)
"""The search terms in front matter; the theme's own search uses the same key for something else."""


def expanded(root: Path, folder: Path, *, own_theme: bool = True) -> Path:
    """Write all pages of the project `root`, macros expanded, to `folder` for plain MkDocs with its own search; return it.

    Without `own_theme`, they get the pages of Material.
    """
    here = ""
    framework = framework_of(root)
    macros = PageMacros(framework, lambda: here).macros()

    def call(match: re.Match[str]) -> str:
        return str(macros[match[1]](*re.findall(r'"([^"]*)"', match[2])))

    write_content(framework, root, folder / "content")
    for page in (folder / "content").rglob("*.md"):
        path = page.relative_to(folder / "content").with_suffix("").as_posix()
        here = path.removesuffix("index") if path.endswith("index") else f"{path}/"
        page.write_text(re.sub(r"\{\{ (\w+)\((.*?)\) \}\}", call, _SEARCH.sub("", page.read_text("utf-8"))), "utf-8")
    settings = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8")) | {"plugins": ["search"]}
    del settings["hooks"], settings["watch"]
    if own_theme:
        shutil.copytree(root / "overrides", folder / "overrides")
    else:
        features = ["search.suggest", "search.share"]
        settings |= {"theme": {"name": "material", "font": False, "features": features}, "extra_css": [], "strict": False}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    return folder


def build_with_theme(root: Path, target: Path, work: Path) -> None:
    """Build the project `root` into `target` with the pages and search of Material; `work` is a folder for its sources."""
    source = expanded(root, work, own_theme=False)
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(target)], cwd=source, check=True)
