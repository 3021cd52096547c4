"""Every file of data/ is a record with a valid name, or a problem."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.checks.relations import CHECKS
from macros.loading.loader import MAX_PROBLEMS, load
from macros.model.problem import Problem
from tests.conftest import cases


def problems(project: Path) -> tuple[Problem, ...]:
    return load(project, CHECKS)[1]


@pytest.mark.parametrize(("name", "message"), cases("loader.a_file_with_an_invalid_name_is_refused"))
def test_a_file_with_an_invalid_name_is_refused(project: Path, name: str, message: str) -> None:
    file = project / "data" / name
    file.parent.mkdir(exist_ok=True, parents=True)
    shutil.copy(project / "data/glossary/output.yml", file)
    (problem,) = problems(project)
    assert problem.path == f"data/{name}"
    assert message in problem.message


def test_a_missing_file_or_folder_is_reported(project: Path, tmp_path: Path) -> None:
    (project / "data/site.yml").unlink()
    assert [(p.path, p.name) for p in problems(project)] == [("data/site.yml", "missing-file")]
    assert {p.name for p in load(tmp_path)[1]} == {"missing-file"}


def test_references_are_checked_only_if_all_files_can_be_read(project: Path) -> None:
    (project / "data/glossary/outcome.yml").write_text("term: [\n")
    (project / "data/values/openness.yml").write_text("number: x\n")
    found = problems(project)
    assert {p.path for p in found} == {"data/glossary/outcome.yml", "data/values/openness.yml"}
    assert list(found) == sorted(found)


def test_reading_stops_after_too_many_problems(project: Path) -> None:
    for number in range(20):
        (project / f"data/values/n{number:02}.yml").write_text("".join(f"a{key}: b\n" for key in range(200)))
    framework, found = load(project)
    assert framework is None
    assert MAX_PROBLEMS < len(found) <= MAX_PROBLEMS + 200


@pytest.mark.parametrize("path", ["data/sources/social-value-act.yml", "data/recommendations/1b.yml"])
def test_no_other_record_is_suggested_in_place_of_a_deleted_one(project: Path, path: str) -> None:
    (project / path).unlink()
    found = [p for p in problems(project) if p.name in ("unknown-reference", "bad-link")]
    assert found
    assert all(path in p.instead and "did you mean" not in p.instead for p in found)


@pytest.mark.parametrize(
    ("old", "new", "instead"),
    [
        ("[commissioner, provider]", "[commissioner provider]", "write each as an item of its own: commissioner, provider"),
        ("[commissioner, provider]", "[commissioner and provider]", "write each as an item of its own: commissioner, provider"),
        ("[commissioner, provider]", "\n      - commissioner, provider", "write each as an item of its own: commissioner, provider"),
        ("[commissioner, provider]", "[commissioner nobody]", 'did you mean "commissioner"?'),
    ],
)
def test_ids_that_are_not_separated_are_explained(project: Path, old: str, new: str, instead: str) -> None:
    file = project / "data/recommendations/3a.yml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    found = problems(project)
    assert found[0].name == "unknown-reference"
    assert found[0].instead.startswith(instead)
