"""Check a change of one text in a copy of the project, and report all problems that it causes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from macros.checks.relations import CHECKS
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.references import Key
from macros.site_build.project import Project, read_project


def tried(root: Path, project: Project, key: Key, loc: Loc, text: str, content: bytes) -> Iterator[Problem]:
    """Yield each problem, once, that the `project` of `root` has only with `content`, in which the record `key` has `text` at `loc`.

    The rules over all records are checked even if the text breaks a rule of its own field, such as its length.
    """
    framework = project.framework
    if framework is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        for name in ("data", "content"):
            shutil.copytree(root / name, clone / name, symlinks=True)
        (clone / framework.documents[key].path).write_bytes(content)
        after = read_project(clone)
    seen = {_without_line(problem) for problem in project.problems}
    for problem in (*after.problems, *(rules(framework, key, loc, text) if after.framework is None else ())):
        if _without_line(problem) not in seen:
            seen.add(_without_line(problem))
            yield problem


def _without_line(problem: Problem) -> tuple[str, ...]:
    return problem.path, problem.name, problem.field, problem.wrong, problem.instead


def rules(framework: Framework, key: Key, loc: Loc, text: str) -> Iterator[Problem]:
    """Yield the problems of `framework` with `text` at `loc` of the record `key`, those of the record's own fields aside."""
    records = {**framework.records, key: _with(framework.records[key], loc, text)}
    changed = Framework(records, framework.documents)
    for check in CHECKS:
        yield from check(changed)


def _with(value: Any, loc: Loc, text: str) -> Any:
    """Return a copy of `value`, a record or part of one, with `text` at `loc`; the text is not validated."""
    if not loc:
        return text
    step, *rest = loc
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): _with(getattr(value, str(step)), tuple(rest), text)})
    return tuple(_with(item, tuple(rest), text) if at == step else item for at, item in enumerate(value))
