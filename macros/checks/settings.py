"""Rules for mkdocs.yml and the workflows: the menu, settings that MkDocs refuses, and the branch to publish from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import yaml

from macros.loading.files import decode_file
from macros.loading.yaml_reader import explain
from macros.model.problem import Problem, did_you_mean

FILE = "mkdocs.yml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESTORE = "compare it with the file in Git"
_BRANCH = re.compile(
    r"\bbranches:[\s\[\-'\"]*(?P<listed>[\w./-]+)"
    r"|\bgithub\.(?:ref|ref_name|base_ref|event\.repository\.default_branch)\s*[!=]=\s*'(?:refs/heads/)?(?P<compared>[^']+)'"
)
"""The first branch in a list of a workflow, or a branch that an expression compares with."""


class Settings(NamedTuple):
    """The YAML tree of mkdocs.yml (None if it cannot be read) and its problems."""

    node: yaml.MappingNode | None
    problems: tuple[Problem, ...] = ()


def read_settings(root: Path) -> Settings:
    """Return the settings of `root`; a folder without mkdocs.yml, such as a copy of records and pages, has none."""
    if not (root / FILE).exists():
        return Settings(None)
    text, problems = decode_file(root / FILE, FILE)
    if text is None:
        return Settings(None, tuple(problems))
    try:
        node = yaml.compose(text, Loader=_LOADER)
        if not isinstance(node, yaml.MappingNode):
            return Settings(None, (Problem(FILE, 1, 1, "syntax", "no settings", _RESTORE),))
    except yaml.MarkedYAMLError as error:
        line, column, wrong, instead = explain(error, text.split("\n"))
        instead = _RESTORE if wrong.startswith("not YAML") else instead
        return Settings(None, (Problem(FILE, line, column, "syntax", wrong, instead),))
    return Settings(node, tuple(_repeated(node)))


def _repeated(node: yaml.MappingNode) -> Iterator[Problem]:
    """Yield a problem for each repeated setting; MkDocs would read only the last."""
    first: dict[str, int] = {}
    for key, _ in node.value:
        if first.setdefault(key.value, line := key.start_mark.line + 1) != line:
            yield _problem(key, "duplicate-key", f'"{key.value}" is set twice (first in line {first[key.value]})', "keep one of the two")


def menu_problems(settings: Settings, pages: Iterable[str], needed: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each entry of nav: that is no page or is repeated, and for each page that no entry names.

    `pages` are paths from content/; those `needed` by a record have a problem of their own if they are missing.
    """
    nav = next((value for key, value in settings.node.value if key.value == "nav"), None) if settings.node else None
    if not isinstance(nav, yaml.SequenceNode):
        return
    known, entries = set(pages), list(_entries(nav))
    unlisted = known - {entry.value for entry in entries}
    first: dict[str, int] = {}
    for entry in entries:
        path, line = entry.value, entry.start_mark.line + 1
        if path in first:
            yield _problem(entry, "nav", f'"{path}" is listed twice (first in line {first[path]})', "keep one of the two")
        elif path not in known and path not in needed:
            near = did_you_mean(path, unlisted)
            unlisted -= set(re.findall('^did you mean "(.+)"', near))
            instead = near if near.startswith("did") else "delete the line, or add the page"
            yield _problem(entry, "nav", f'there is no page "{path}"', instead)
        first.setdefault(path, line)
    for page in sorted(unlisted):
        yield Problem(f"content/{page}", 1, 1, "nav", "the page is not in the menu", f"add - {page} under nav: in {FILE}")


def _entries(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Yield each path of a page under nav:; addresses of other sites are left out."""
    if isinstance(node, yaml.ScalarNode):
        if not re.match(r"[a-zA-Z][\w+.-]*:", node.value):
            yield node
        return
    for item in node.value:
        yield from _entries(item[1] if isinstance(item, tuple) else item)


def accepted_marker(root: Path) -> Path:
    """Return the marker file of an accepted mkdocs.yml in `root`, since loading MkDocs to check it takes a third of a second."""
    return root / ".cache" / f"mkdocs-{hashlib.sha256((root / FILE).read_bytes()).hexdigest()[:16]}"


def refused_settings(settings: Settings, messages: Iterable[tuple[str, str]], known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each message of MkDocs: the name of a setting ("" for the file), and the message; `known` names all settings."""
    places = {key.value: key for key, _ in settings.node.value} if settings.node else {}
    for name, message in messages:
        named = re.search(r"'([^']+)'$|: (\S+)$", message.strip())
        key = places.get(name) or places.get(named[1] or named[2] if named else "")
        near = did_you_mean(name, known) if message.startswith("Unrecognised configuration") else ""
        wrong = f"MkDocs refuses this: {' '.join(message.split()).rstrip('.')}"
        yield Problem(FILE, key.start_mark.line + 1 if key else 1, 1, "setting", wrong, near or _RESTORE, name)


def own_path(target: str, home: str) -> str | None:
    """Return the path of the absolute address `target` from the root of the site at `home`, or None if it leads elsewhere."""
    try:
        there, here = urlsplit(target), urlsplit(home)
    except ValueError:
        return None
    hosts = [(address.hostname or "").removeprefix("www.") for address in (there, here)]
    if there.scheme not in ("http", "https") or not hosts[1] or hosts[0] != hosts[1]:
        return None
    base = here.path.rstrip("/") + "/"
    path = there.path if there.path.startswith(base) else f"{there.path}/"
    return path.removeprefix(base) if path.startswith(base) else None


def workflows_run_on_the_branch(root: Path, branch: str) -> Iterator[Problem]:
    """Yield a problem for each other branch than `branch`, from which data/site.yml publishes, that a workflow of `root` runs on."""
    for file in sorted((root / ".github" / "workflows").glob("*.y*ml")):
        text = file.read_text("utf-8", "replace")
        for found in _BRANCH.finditer(text):
            named, at = found["listed"] or found["compared"], found.start(found.lastgroup or 0)
            if named != branch and not named.startswith("refs/"):
                line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                wrong = f"runs on the branch {named}, but data/site.yml publishes from {branch}"
                instead = f"write {branch}, or change branch: in data/site.yml"
                yield Problem(file.relative_to(root).as_posix(), line, column, "branch", wrong, instead)


def _problem(node: yaml.Node, name: str, wrong: str, instead: str) -> Problem:
    return Problem(FILE, node.start_mark.line + 1, node.start_mark.column + 1, name, wrong, instead)
