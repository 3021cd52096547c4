"""What svf release keeps of an edition is read again strictly; a file that it did not write so is a problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros.history.snapshot import read_editions, snapshot
from macros.model.core import Recommendation
from macros.model.framework import Framework
from macros.model.public_view import PUBLISHED, as_json
from macros.site_build.project import Project, read_project
from tests.history.test_revision import put


def keep(root: Path) -> Path:
    """Keep what the project `root` says now as the edition that it names, and return the file."""
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


def test_a_snapshot_holds_each_record_and_nothing_that_readers_never_see(real: Framework) -> None:
    found = json.loads(snapshot(real, "0123abcd").content)
    assert list(found) == ["edition", "day", "tag", "revision", "records"]
    edition, day = real.site.edition, real.site.edition_date.isoformat()
    assert (found["edition"], found["day"], found["tag"]) == (edition, day, f"edition-{edition}")
    assert len(found["records"]) == sum(len(kind.records(real)) for kind in PUBLISHED)
    assert list(found["records"]) == sorted(found["records"])
    for record in real.all(Recommendation):
        one = found["records"][f"recommendation/{record.id}"]
        assert (one["name"], one["title"], one["do"][0]["step"]) == (record.name, record.title, record.do[0].step)
    for said in found["records"].values():
        assert not {"search", "id", "address", "named_by"} & set(said)
        assert None not in said.values()
    assert not any(name.startswith("words/") for name in found["records"])


def test_the_same_words_give_the_same_bytes(real: Framework) -> None:
    again = Framework(dict(reversed(list(real.records.items()))), real.documents)
    assert snapshot(real, "0123abcd").content == snapshot(again, "0123abcd").content


def test_what_is_kept_is_read_again_and_changes_no_revision(project: Path) -> None:
    before = read_project(project).revision
    file = keep(project)
    found = read_project(project)
    assert found.problems == ()
    assert [one.content for one in found.snapshots] == [file.read_bytes()]
    assert found.revision == before
    assert found.editions.revision == before


def test_without_the_folder_there_is_no_edition(small_project: Project) -> None:
    assert read_editions(small_project.root) == ((), ())
    assert small_project.snapshots == ()


def rewrite(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        held = json.loads(file.read_text("utf-8"))
        change(held)
        file.write_bytes(as_json(held))

    return spoil


def replaced(old: str, new: str) -> Callable[[Path], None]:
    return lambda file: put(file.parent, file.name, old, new)


def records(more: dict[str, Any]) -> Callable[[Path], None]:
    return rewrite(lambda held: held["records"].update(more))


RESTORE = "bring the file back from Git; only svf release writes here"
WRITTEN = f"not as svf release wrote it; {RESTORE}"
SPOILT: dict[str, Callable[[Path], object]] = {
    "renamed": lambda file: file.rename(file.with_name("2026-12.json")),
    "another-ending": lambda file: file.rename(file.with_suffix(".yml")),
    "a-folder": lambda file: (file.parent / "old.json").mkdir(),
    "cut-short": lambda file: file.write_bytes(file.read_bytes()[:3000]),
    "empty": lambda file: file.write_bytes(b""),
    "a-list": lambda file: file.write_text("[]\n"),
    "too-deep": lambda file: file.write_text("[" * 100_000),
    "long-number": lambda file: file.write_text("1" * 5000),
    "half-letter": replaced('"name": "1a.', '"name": "\\ud800 1a.'),
    "no-day": rewrite(lambda held: held.pop("day")),
    "no-such-day": replaced("2026-11-22", "2026-11-31"),
    "another-key": rewrite(lambda held: held.update(note="x")),
    "another-edition": replaced('"edition": "2026-11"', '"edition": "2026-10"'),
    "another-tag": replaced("edition-2026-11", "v1"),
    "no-record": records({"term/x": 1}),
    "no-name": records({"value/zz": {}}),
    "odd-formerly": records({"value/zz": {"name": "x", "formerly": 5}}),
    "unordered": records({"aim/zz": {"name": "x"}}),
    "spaced": lambda file: file.write_bytes(file.read_bytes() + b"\n"),
    "said-twice": replaced('"day": "2026-11-22",', '"day": "2026-11-22",\n  "day": "2026-11-22",'),
    "merge": lambda file: file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes()),
}
NAMES = {"renamed": "2026-12.json", "another-ending": "2026-11.yml", "a-folder": "old.json"}
OTHER = dict.fromkeys(("another-ending", "a-folder"), "not the file of an edition; delete it; ") | {"merge": "a mark left by a merge; "}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_file_is_a_problem_at_the_file(project: Path, fault: str) -> None:
    SPOILT[fault](keep(project))
    (problem,) = read_project(project).errors
    assert problem.path == f"data/editions/{NAMES.get(fault, '2026-11.json')}"
    assert problem.message.startswith(OTHER.get(fault, WRITTEN))


def test_a_link_and_a_file_in_place_of_the_folder_are_problems(project: Path, tmp_path: Path) -> None:
    file = keep(project)
    file.rename(tmp_path / "kept.json")
    file.symlink_to(tmp_path / "kept.json")
    assert [problem.name for problem in read_project(project).errors] == ["symlink"]
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("x")
    assert [(problem.path, problem.message) for problem in read_project(project).errors] == [("data/editions", f"not a folder; {RESTORE}")]


def test_editions_come_one_after_another(project: Path) -> None:
    keep(project)
    next_edition(project, "2027-05", "2026-11-21")
    keep(project)
    (problem,) = read_project(project).errors
    assert problem.path == "data/editions/2027-05.json"
    assert problem.message.startswith("day: released on 2026-11-21, before edition 2026-11 (2026-11-22)")


def test_the_site_cannot_fall_behind_the_last_edition(project: Path) -> None:
    keep(project)
    next_edition(project, "2026-10", "2026-11-22")
    (problem,) = read_project(project).errors
    assert (problem.path, problem.field) == ("data/site.yml", "edition")
    assert problem.message == "edition: edition 2026-11 has been released already; write 2026-11, or the edition that comes next"


def test_windows_line_ends_are_the_same_file(project: Path) -> None:
    file = keep(project)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_project(project).errors == ()
