"""The folder data/ is read whole into a framework, or every problem in it is named."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from macros.loading.discover import leftover, state
from macros.loading.validation import validate
from macros.loading.yaml_reader import read
from macros.model.base import Record
from macros.model.document import Document
from macros.model.framework import Check, Framework
from macros.model.problem import Problem, did_you_mean
from macros.model.references import Key
from macros.model.registry import KINDS, SINGLES
from macros.text.normalisation import kebab
from macros.text.patterns import ID_PATTERN

ENOUGH = 1_000
"""After so many problems, no further record is read."""

NOT_RECORDS = {"README.md", "schema", "editions"}


def load(root: Path, checks: Iterable[Check] = ()) -> tuple[Framework | None, tuple[Problem, ...]]:
    """Read all of `root`/data; return the framework, and all problems.

    There is no framework if a record cannot be read or typed, or names one that does not exist. References are
    judged only when every file could be read and typed, and `checks` run only when all references hold.
    """
    files = tuple(_files(root))
    problems: list[Problem] = []
    records: dict[Key, Record] = {}
    documents: dict[Key, Document] = {}
    for file in files:
        if len(problems) > ENOUGH:
            return None, tuple(sorted(problems))
        cls, found = _class_of(file.relative_to(root))
        problems += found
        if cls is None:
            continue
        document, record, faults = _typed(file, root, cls, state(file))
        problems += faults
        if record is not None:
            records[cls.kind, file.stem] = record
            documents[cls.kind, file.stem] = document
    problems += _same_but_for_case(files, root)
    problems += (
        Problem(f"data/{cls.file}", 1, 1, "missing-file", "missing", "bring the file back from Git")
        for cls in SINGLES.values()
        if not any(file == root / "data" / cls.file for file in files)
    )
    if problems:
        return None, tuple(sorted(problems))
    framework = Framework(records, documents)
    problems += _dangling(framework)
    if problems:
        return None, tuple(sorted(problems))
    for check in checks:
        problems += check(framework)
    return framework, tuple(sorted(problems))


@functools.lru_cache(maxsize=1_000)
def _typed(file: Path, root: Path, cls: type[Record], _state: object) -> tuple[Document, Record | None, list[Problem]]:
    """Return what `file` holds, read and typed once for each state of it, and what is wrong with it."""
    document = read(file, root)
    return document, *validate(document, cls, file.stem)


def _files(root: Path) -> Iterator[Path]:
    data = root / "data"
    for item in sorted(data.iterdir()) if data.is_dir() else ():
        if item.name in NOT_RECORDS or item.name.startswith("."):
            continue
        if item.is_dir() and not item.is_symlink():
            yield from (file for file in sorted(item.iterdir()) if not file.name.startswith("."))
        else:
            yield item


def _class_of(path: Path) -> tuple[type[Record] | None, list[Problem]]:
    """Return the class of the record in the file `path` (from the root), and what is wrong with the file's name."""

    def wrong(name: str, what: str, instead: str) -> tuple[None, list[Problem]]:
        return None, [Problem(path.as_posix(), 1, 1, name, what, instead)]

    if problem := leftover(path):
        return None, [problem]
    if len(path.parts) == 2:
        singles = {cls.file: cls for cls in SINGLES.values()}
        if path.name in singles:
            return singles[path.name], []
        return wrong(
            "unknown-file",
            "not a file of the framework",
            did_you_mean(path.name, [*singles, *(c.folder for c in KINDS.values())]),
        )
    folders = {cls.folder: cls for cls in KINDS.values()}
    folder = path.parts[1]
    if folder not in folders:
        return wrong(
            "unknown-folder",
            f'no kind of record lives in "{folder}"',
            did_you_mean(folder, folders) or f"use one of: {', '.join(sorted(folders))}",
        )
    stem = re.sub(r"(?i)(?:\.ya?ml)?(?:\.txt)?$", "", path.name)
    if path.suffix != ".yml":
        rename = (
            f"rename it to {stem}.yml" if re.search(r"(?i)\.ya?ml|\.txt$", path.name) else "put it somewhere else; only records live here"
        )
        return wrong("file-name", "a record's file ends in .yml", rename)
    if not re.fullmatch(ID_PATTERN, path.stem):
        plain = kebab(path.stem)
        return wrong(
            "file-name",
            "a name is small letters, digits and hyphens",
            f"rename it to {plain}.yml" if plain else "give it a name of small letters",
        )
    return folders[folder], []


def _same_but_for_case(files: Iterable[Path], root: Path) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for file in files:
        first = seen.setdefault(str(file).casefold(), file)
        if first != file:
            yield Problem(
                file.relative_to(root).as_posix(),
                1,
                1,
                "same-name",
                f"differs from {first.name} by case only",
                "rename one of the two",
            )


def _dangling(framework: Framework) -> Iterator[Problem]:
    known = {kind: set(framework.ids(kind)) for kind in [*KINDS, "point"]}
    for reference in framework.index:
        kind, target = reference.target
        if target not in known[kind]:
            instead = framework.instead_of(kind, target)
            if isinstance(reference.loc[-1], int):
                instead = _apart(target, known[kind]) or instead
            yield framework.problem(reference.holder, reference.loc, "unknown-reference", f'there is no {kind} "{target}"', instead)


def _apart(typed: str, known: set[str]) -> str:
    """Return what to type if `typed`, one item of a list, is two of the ids `known` or more, or nothing."""
    ids = re.findall(r"[a-z0-9-]+", re.sub(r"\b(?:and|or)\b", " ", typed))
    if len(ids) < 2 or not all(one in known for one in ids):
        return ""
    return f"put a comma between: {', '.join(ids)}" if "," not in typed else f"write each on a line of its own, after -: {', '.join(ids)}"
