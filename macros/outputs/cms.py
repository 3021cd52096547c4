"""The files of the form at /edit/: its page, its configuration, our file format, and the editor that comes from npm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from macros.model.framework import Framework
from macros.model.output import Output
from macros.outputs.cms_config import FOLDER, as_yaml, config, hosts, pictures, words
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES

_OURS = ("keep.js", "start.js")
_CMS, _YAML = Path("node_modules/@sveltia/cms"), Path("node_modules/yaml")
_SCRIPT = "sveltia-cms.js"
_FONT = re.compile(r"url\(fonts/([\w-]+)\.woff2\)")


def can_edit(root: Path) -> bool:
    """Return whether the project at `root` has the packages from npm of which the form is made."""
    return (root / _CMS / "dist" / _SCRIPT).is_file() and (root / _YAML / "browser").is_dir()


def without() -> str:
    """Return what is said if the form cannot be made."""
    return str(words()["said"]["without"])


def form(framework: Framework, root: Path, home: str = "") -> Iterator[Output]:
    """Yield the files of the form of the project at `root`; none if npm's packages are not there."""
    if not can_edit(root):
        return
    allowed = {"hosts": hosts(framework.site), "pictures": pictures(framework.site)}
    page = Renderer(framework, lambda: f"{FOLDER}/").render("cms/index.html.j2", **allowed)
    yield Output(f"{FOLDER}/index.html", page.encode())
    yield Output(f"{FOLDER}/config.yml", as_yaml(config(framework, home)).encode())
    for name in _OURS:
        yield Output(f"{FOLDER}/{name}", (TEMPLATES / "cms" / name).read_bytes())
    yield from _cms(root)
    library = root / _YAML / "browser"
    for file in sorted(library.rglob("*.js")):
        yield Output(f"{FOLDER}/yaml/{file.relative_to(library).as_posix()}", file.read_bytes())


def _cms(root: Path) -> Iterator[Output]:
    """Yield the editor itself, patched as templates/cms/editor.yml says, with its fonts and its version number."""
    script = (root / _CMS / "dist" / _SCRIPT).read_text("utf-8")
    for mend in words()["mends"]:
        script = re.sub(mend["find"], mend["put"], script)
    yield Output(f"{FOLDER}/{_SCRIPT}", script.encode())
    for name in sorted(set(_FONT.findall(script))):
        for file in sorted((root / _CMS / "npm/assets").glob(f"{name}[-.]*")):
            kept = f"{name}.woff2" if file.suffix == ".woff2" else file.name
            yield Output(f"{FOLDER}/fonts/{kept}", file.read_bytes())
    version = json.loads((root / _CMS / "package.json").read_text("utf-8"))["version"]
    yield Output(f"{FOLDER}/package.json", json.dumps({"version": version}).encode())
