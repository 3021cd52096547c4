"""Edition files are read strictly: one that svf release did not write is a problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros.history.editions import read_editions, snapshot
from macros.model.framework import Framework
from macros.model.public_view import PUBLISHED, as_json
from macros.model.records import Recommendation
from macros.site_build.project import Project, read_project


def keep(root: Path) -> Path:
    """Write the edition file for the project `root` as it is now, and return it."""
    project = read_project(root)
    assert project.framework is not None, project.problems
    made = snapshot(project.framework, project.revision)
    file = root / made.path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(made.content)
    return file


def next_edition(root: Path, edition: str, day: str) -> None:
    """Write `edition` of `day` into data/site.yml."""
    file = root / "data/site.yml"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("edition")]
    file.write_text("\n".join([*lines, f"edition: {edition}", f"edition_date: {day}"]) + "\n", "utf-8")


def test_a_snapshot_has_every_published_record_without_unpublished_fields(real: Framework) -> None:
    found = json.loads(snapshot(real, "0123abcd").content)
    edition, day = real.site.edition, real.site.edition_date.isoformat()
    assert (found["edition"], found["day"], found["tag"], found["revision"]) == (edition, day, f"edition-{edition}", "0123abcd")
    assert len(found["records"]) == sum(len(kind.records(real)) for kind in PUBLISHED)
    assert not any({"search", "id"} & set(data) or None in data.values() for data in found["records"].values())
    for record in real.all(Recommendation):
        one = found["records"][f"recommendation/{record.id}"]
        assert (one["name"], one["title"], one["do"][0]["step"]) == (record.name, record.title, record.do[0].step)


def test_a_snapshot_does_not_depend_on_the_order_of_records(real: Framework) -> None:
    again = Framework(dict(reversed(list(real.records.items()))), real.documents)
    assert snapshot(real, "0123abcd").content == snapshot(again, "0123abcd").content


def test_a_kept_edition_is_read_again_and_does_not_change_the_revision(project: Path) -> None:
    before = read_project(project).revision
    file = keep(project)
    found = read_project(project)
    assert found.problems == ()
    assert [one.content for one in found.snapshots] == [file.read_bytes()]
    assert found.revision == before


def test_a_project_without_the_folder_has_no_editions(small_project: Project) -> None:
    assert read_editions(small_project.root) == ((), ())
    assert small_project.snapshots == ()


def rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        data = json.loads(file.read_text("utf-8"))
        change(data)
        file.write_bytes(as_json(data))

    return spoil


WRITTEN = "changed since svf release wrote it; restore it from Git; only svf release writes here"
OTHER = "not an edition file; delete it; "


@pytest.mark.parametrize(
    ("spoil", "name", "message"),
    [
        (lambda file: file.rename(file.with_name("2026-12.json")), "2026-12.json", WRITTEN),
        (lambda file: file.rename(file.with_suffix(".yml")), "2026-11.yml", OTHER),
        (lambda file: (file.parent / "old.json").mkdir(), "old.json", OTHER),
        (lambda file: file.write_bytes(file.read_bytes()[:3000]), "2026-11.json", WRITTEN),
        (lambda file: file.write_text("[" * 100_000), "2026-11.json", WRITTEN),
        (lambda file: file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes()), "2026-11.json", "a mark left by a merge; "),
        (rewritten(lambda data: data.pop("day")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(note="x")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(edition="2026-10")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(tag="v1")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"term/x": 1})), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"value/zz": {}})), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"value/zz": {"name": "x", "formerly": 5}})), "2026-11.json", WRITTEN),
    ],
)
def test_a_changed_file_is_a_problem(project: Path, spoil: Callable[[Path], object], name: str, message: str) -> None:
    spoil(keep(project))
    (problem,) = read_project(project).errors
    assert problem.path == f"data/editions/{name}"
    assert problem.message.startswith(message)


def test_a_link_to_an_edition_is_a_problem(project: Path, tmp_path: Path) -> None:
    file = keep(project)
    file.rename(tmp_path / "kept.json")
    file.symlink_to(tmp_path / "kept.json")
    assert [problem.name for problem in read_project(project).errors] == ["symlink"]


def test_editions_are_in_order(project: Path) -> None:
    keep(project)
    next_edition(project, "2027-05", "2026-11-21")
    keep(project)
    (problem,) = read_project(project).errors
    assert problem.path == "data/editions/2027-05.json"
    assert problem.message.startswith("day: released on 2026-11-21, before edition 2026-11 (2026-11-22)")


def test_the_site_cannot_name_an_older_edition_than_the_last(project: Path) -> None:
    keep(project)
    next_edition(project, "2026-10", "2026-11-22")
    (problem,) = read_project(project).errors
    assert (problem.path, problem.field) == ("data/site.yml", "edition")
    assert problem.message == "edition: edition 2026-11 is already released; write 2026-11, or the next edition"


def test_windows_line_endings_are_fine(project: Path) -> None:
    file = keep(project)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_project(project).errors == ()
