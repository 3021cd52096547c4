"""A change of one text is tried in a copy of the project, and everything that is against it is gathered at once."""

from __future__ import annotations

import copy
import dataclasses
import functools
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from macros.checks import CHECKS
from macros.framework import Framework
from macros.index import Key
from macros.problem import Problem
from macros.project import Project, read_project
from macros.source import Document, Loc, parse
from macros.validate import validate


def tried(root: Path, project: Project, key: Key, loc: Loc, content: bytes) -> Iterator[Problem]:
    """Yield each problem, once, that the `project` of `root` has only with `content` in the file of the record `key`.

    `loc` is the text that `content` changes. The rules that look at whole records are asked even if the text
    breaks a rule of its own field, such as its length.
    """
    framework = project.framework
    if framework is None:
        return
    path = framework.documents[key].path
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        for name in ("data", "content"):
            shutil.copytree(root / name, clone / name, symlinks=True)
        (clone / path).write_bytes(content)
        after = read_project(clone)
    seen = {_same(problem) for problem in project.problems}
    for problem in (*after.problems, *(_all_the_same(framework, key, loc, content) if after.framework is None else ())):
        if _same(problem) not in seen:
            seen.add(_same(problem))
            yield problem


def _same(problem: Problem) -> tuple[str, ...]:
    return problem.path, problem.name, problem.field, problem.wrong, problem.instead


def rules(framework: Framework, key: Key, loc: Loc, text: str) -> Iterator[Problem]:
    """Yield what the rules for all records say of `framework` with `text` at `loc` of the record `key`, whatever its field says."""
    yield from _rules(framework, key, loc, text, framework.documents[key])


def limits(framework: Framework, key: Key, loc: Loc, text: str) -> Iterator[Problem]:
    """Yield what the field at `loc` of the record `key` says of `text`, such as how many words it may have.

    How long a paragraph of it may be is left out.
    """
    document = framework.documents[key]
    value = copy.deepcopy(document.value)
    *way, last = loc
    prose = any((holder, at) == (key, loc) for holder, at, _ in framework.prose)
    within = functools.reduce(lambda group, step: group[step], way, cast(Any, value))
    within[last] = re.sub(r"\s+", "\n\n", text.strip()) if prose else text
    _, problems = validate(dataclasses.replace(document, value=value), type(framework.records[key]), key[1])
    field = ".".join(str(step + 1 if isinstance(step, int) else step) for step in loc)
    yield from (problem for problem in problems if problem.field == field)


def _all_the_same(framework: Framework, key: Key, loc: Loc, content: bytes) -> Iterator[Problem]:
    document = parse(content.decode("utf-8").replace("\r\n", "\n"), framework.documents[key].path)
    text: Any = document.value
    for step in loc:
        text = text[step]
    yield from _rules(framework, key, loc, text, document)


def _rules(framework: Framework, key: Key, loc: Loc, text: str, document: Document) -> Iterator[Problem]:
    records = {**framework.records, key: _with(framework.records[key], loc, text)}
    changed = Framework(records, {**framework.documents, key: document})
    for check in CHECKS:
        yield from check(changed)


def _with(value: Any, loc: Loc, text: str) -> Any:
    """Return a copy of `value`, a record or part of one, with `text` at `loc`; no rule of a field is asked."""
    if not loc:
        return text
    step, *rest = loc
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): _with(getattr(value, str(step)), tuple(rest), text)})
    return tuple(_with(item, tuple(rest), text) if at == step else item for at, item in enumerate(value))
