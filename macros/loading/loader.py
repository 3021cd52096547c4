"""Load data/ into a framework, or report every problem in it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from macros.loading.files import file_state, find_files
from macros.loading.validation import validate
from macros.loading.yaml_reader import read
from macros.model.document import Document, Key
from macros.model.framework import Check, Framework
from macros.model.problem import Problem, did_you_mean
from macros.model.records import KINDS, SINGLES, Record
from macros.text.characters import kebab

MAX_PROBLEMS = 1_000  # after so many problems, no more records are read
NOT_RECORDS = {"README.md", "schema", "editions"}


def load(root: Path, checks: Iterable[Check] = ()) -> tuple[Framework | None, tuple[Problem, ...]]:
    """Return the framework in `root`/data, or None, and all problems; `checks` run if all records are valid and all references exist."""
    files = find_files(root).files
    missing = [f"data/{cls.file}" for cls in SINGLES.values() if root / "data" / cls.file not in files]
    problems = [Problem(path, 1, 1, "missing-file", "missing", "bring the file back from Git") for path in missing]
    records: dict[Key, Record] = {}
    documents: dict[Key, Document] = {}
    for file in files:
        folder, name, *_ = file.relative_to(root).parts
        if folder != "data" or name in NOT_RECORDS:
            continue
        if len(problems) > MAX_PROBLEMS:
            break
        cls, name_problems = _class_of(file.relative_to(root))
        problems += name_problems
        if cls is None:
            continue
        document, record, record_problems = _typed(file, root, cls, file_state(file))
        problems += record_problems
        if record is not None:
            records[cls.kind, file.stem] = record
            documents[cls.kind, file.stem] = document
    if problems:
        return None, tuple(sorted(problems))
    framework = Framework(records, documents)
    if dangling := list(_dangling(framework)):
        return None, tuple(sorted(dangling))
    return framework, tuple(sorted(problem for check in checks for problem in check(framework)))


@functools.lru_cache(maxsize=1_000)
def _typed(file: Path, root: Path, cls: type[Record], _state: object) -> tuple[Document, Record | None, list[Problem]]:
    """Return the document and the record of `file`, and what is wrong with it; read again only if its state changes."""
    document = read(file, root)
    return document, *validate(document, cls, file.stem)


def _class_of(path: Path) -> tuple[type[Record] | None, list[Problem]]:
    """Return the class of the record in the file `path` (from the root), or None, and what is wrong with the file's name."""

    def refused(name: str, wrong: str, instead: str) -> tuple[None, list[Problem]]:
        return None, [Problem(path.as_posix(), 1, 1, name, wrong, instead)]

    singles = {cls.file: cls for cls in SINGLES.values()}
    folders = {cls.folder: cls for cls in KINDS.values()}
    if len(path.parts) == 2:
        if path.name in singles:
            return singles[path.name], []
        return refused("unknown-file", "not a file of the framework", did_you_mean(path.name, [*singles, *folders]))
    folder, name = path.parts[1], "/".join(path.parts[2:])
    if folder not in folders:
        instead = did_you_mean(folder, folders) or f"use one of: {', '.join(sorted(folders))}"
        return refused("unknown-folder", f'there is no kind of record for the folder "{folder}"', instead)
    plain = kebab(re.sub(r"(?i)(?:\.ya?ml)?(?:\.txt)?$", "", name))
    if name != f"{plain}.yml" or not plain:
        wrong = "a record's file has a name of small letters, digits and hyphens that ends in .yml"
        return refused("file-name", wrong, f"rename it to {plain or 'name'}.yml, or delete a copy")
    return folders[folder], []


def _dangling(framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each reference to a record that does not exist."""
    ids = {kind: set(framework.ids(kind)) for kind in [*KINDS, "point"]}
    for reference in framework.references:
        kind, target = reference.target
        if target not in ids[kind]:
            named = re.findall(r"[a-z0-9-]+", re.sub(r"\b(?:and|or)\b", " ", target))
            if isinstance(reference.loc[-1], int) and len(named) > 1 and ids[kind].issuperset(named):
                instead = f"write each as an item of its own: {', '.join(named)}"
            else:
                instead = framework.instead_of(kind, target)
            yield framework.problem(reference.holder, reference.loc, "unknown-reference", f'there is no {kind} "{target}"', instead)
