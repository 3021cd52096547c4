"""The commands release and notes, in real repositories."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from macros.cli import release as command
from macros.cli.release import _placeholders, not_ready
from macros.history.editions import Snapshot
from macros.outputs.json_schema import schemas
from macros.site_build.project import read_project
from tests.conftest import REAL, ROOT, Done, cases, svf
from tests.history.test_editions import keep, next_edition
from tests.history.test_git import ENVIRONMENT, git, put

ONE = "data/recommendations/1a.yml"
DAY = date(2026, 11, 22)
LOG = "# Changelog\n\n## Unreleased\n\n- The first line.\n"


@pytest.fixture
def ready(project: Path) -> Path:
    """The small project as a repository that is ready to be released."""
    put(project, "mkdocs.yml", "https://framework.example.org/", "https://framework.testshire.gov.uk/")
    put(project, "content/about/accessibility.md", "[Insert what you tested, when, and what does not work yet.]", "We tested it.")
    (project / "CHANGELOG.md").write_text(LOG, "utf-8")
    (project / ".build.lock").touch()
    for made in schemas():
        (project / made.path).parent.mkdir(parents=True, exist_ok=True)
        (project / made.path).write_bytes(made.content)
    git(project, "init", "-q", "-b", "main")
    store(project, "Begin")
    return project


def store(project: Path, message: str = "Change") -> str:
    """Commit all of `project`, and return the commit."""
    git(project, "add", "-A")
    git(project, "commit", "-qm", message)
    return git(project, "rev-parse", "HEAD")


def reasons(project: Path, day: date = DAY) -> list[str]:
    return [line for text in not_ready(project, read_project(project), day) for line in text.split("\n")]


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a function that replaces `old` with `new` in the file `path` of a project, or writes it if `old` is empty, and commits it."""

    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text((root / path).read_text("utf-8").replace(old, new) if old else new, "utf-8")
        store(root)

    return change


def behind(root: Path) -> None:
    """Let origin/main have one commit more than main."""
    git(root, "commit", "--allow-empty", "-qm", "More")
    git(root, "update-ref", "refs/remotes/origin/main", "main")
    git(root, "reset", "-q", "--hard", "HEAD~1")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (
        lambda root: (root / "notes.txt").write_text("x"),
        "Not committed: notes.txt. Commit, undo with git restore, or delete new files.",
    ),
    "another-branch": (lambda root: git(root, "switch", "-qc", "offer"), "Editions are released from the branch main, not from offer."),
    "no-branch": (lambda root: git(root, "switch", "-q", "--detach"), "Editions are released from the branch main, not from a commit."),
    "tagged": (
        lambda root: git(root, "tag", "edition-2026-11"),
        "The tag edition-2026-11 already exists. If GitHub has it, release the next edition; if not, run",
    ),
    "not-pushed": (behind, "main is not the same as origin/main. Run git pull, then git push what is not there yet."),
    **{name: (changed(*change), message) for name, (*change, message) in cases("release.a_fault_prevents_a_release").items()},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_prevents_a_release(ready: Path, fault: str) -> None:
    assert reasons(ready) == []
    spoil, message = FAULTS[fault]
    spoil(ready)
    line, *more = reasons(ready)
    assert line.startswith(message)
    assert more == ["Placeholders, dates, branch and tags were not checked. Fix the invalid records first."] * (fault == "record")


def test_text_that_only_looks_like_a_placeholder_is_fine(ready: Path) -> None:
    put(ready, ONE, "a school gate.", "a school gate named in the [[outcome|name]] and this draft.")
    put(ready, "content/values.md", "{{ values() }}", "Ask [name by name](law.md), says the draft.\n\n{{ values() }}")
    store(ready)
    assert reasons(ready) == []


def test_only_the_publishers_settings_are_placeholders() -> None:
    project = read_project(REAL)
    found = {(problem.path, problem.name) for problem in _placeholders(REAL, project, project.valid_framework)}
    files = ("CONTRIBUTING.md", ".github/CODEOWNERS", ".github/ISSUE_TEMPLATE/config.yml", "data/site.yml", "mkdocs.yml")
    assert found <= {(path, "placeholder") for path in files}


def test_every_reason_is_listed(ready: Path) -> None:
    for fault in ("repository", "address", "day", "schema", "nothing-unreleased", "tagged", "another-branch", "changed"):
        FAULTS[fault][0](ready)
    assert len(reasons(ready)) == 8


def test_another_day_than_today_gets_one_line_of_advice(ready: Path) -> None:
    """Nobody is advised to change the dates of records, or to release on a day that has passed."""
    put(ready, "data/law/social-value-act.yml", "checked_on: 2026-11-22", "checked_on: 2999-01-02")
    next_edition(ready, "2026-11", "2999-01-01")
    store(ready)
    late = "19:13: checked_on: 2999-01-02 is later than 2999-01-01; write the day on which you checked its sources"
    assert reasons(ready, date(2999, 1, 1)) == [f"data/law/social-value-act.yml:{late}"]
    put(ready, "data/law/social-value-act.yml", "checked_on: 2999-01-02", "checked_on: 2026-11-22")
    next_edition(ready, "2026-11", "2026-11-23")
    store(ready)
    assert reasons(ready)[0].endswith("; write edition_date: 2026-11-22 and commit it, or release it on 2026-11-23")


def test_an_edition_is_newer_than_the_last_which_must_be_tagged(ready: Path) -> None:
    keep(ready)
    store(ready)
    assert reasons(ready) == [
        "data/site.yml:4:10: edition: edition 2026-11 is already released; write the next one, for example 2026-12",
        "The tag edition-2026-11 of the last edition is missing. Run git fetch --tags. If GitHub does not have it, see PUBLISHING.md.",
    ]
    git(ready, "tag", "edition-2026-11")
    next_edition(ready, "2026-12", "2026-11-22")
    store(ready)
    assert (reasons(ready), list(command._other_month(read_project(ready)))) == ([], [])


def test_a_folder_without_a_repository_or_changelog_cannot_be_released(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(project.parent))
    found = reasons(project)
    assert any(reason.startswith("Git cannot read the repository: not a git repository") for reason in found)
    assert "CHANGELOG.md:1:1: needs one line ## Unreleased; add it above the last edition" in found


def release(root: Path, *words: str, day: str = "2026-11-22") -> Done:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "date", type("Today", (date,), {"today": lambda: date.fromisoformat(day)}))
        return svf(root, "release", *words, **ENVIRONMENT)


def state(root: Path) -> tuple[str, ...]:
    """Return everything that a release might change: commit, branch, tags, files and what Git says of them."""
    commands = (("rev-parse", "HEAD"), ("branch", "--show-current"), ("tag",), ("status", "--porcelain", "--ignored"), ("stash", "list"))
    files = sorted(f"{p.relative_to(root)} {p.read_bytes()!r}" for p in (*root.glob("data/**/*.*"), root / "CHANGELOG.md") if p.is_file())
    return (*(git(root, *words) for words in commands), *files, str((root / "data/editions").exists()))


ENTRY = "## Edition 2026-11, 22 November 2026\n\n- The first line.\n\n### What changed for readers\n\n"
ENTRY += "This is the first edition, so there is nothing to compare it with.\n"


def test_the_first_edition_is_written_committed_and_tagged(ready: Path) -> None:
    head, revision = git(ready, "rev-parse", "HEAD"), read_project(ready).revision
    done = release(ready)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert done.stdout.startswith("Released edition 2026-11 as edition-2026-11: one commit and one tag, not pushed yet.\n")
    assert "git push --atomic origin main edition-2026-11\n" in done.stdout
    assert git(ready, "log", "-1", "--format=%s %P") == f"Release edition 2026-11 {head}"
    assert git(ready, "diff", "--name-only", "HEAD~1").split() == ["CHANGELOG.md", "data/editions/2026-11.json"]
    assert git(ready, "status", "--porcelain") == ""
    assert git(ready, "tag", "-l", "--format=%(objecttype) %(contents:subject)") == "tag Edition 2026-11, 22 November 2026"
    assert git(ready, "rev-parse", "edition-2026-11^{commit}") == git(ready, "rev-parse", "HEAD")
    assert (ready / "CHANGELOG.md").read_text("utf-8") == f"# Changelog\n\n## Unreleased\n\n{ENTRY}"
    project = read_project(ready)
    assert project.errors == ()
    assert project.revision == revision == json.loads((ready / "data/editions/2026-11.json").read_text("utf-8"))["revision"]


def test_the_second_edition_lists_the_changes_since_the_first(ready: Path) -> None:
    assert release(ready).returncode == 0
    put(ready, ONE, "a school gate.", "a garden gate.")
    put(ready, "CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- A line of the second.\n")
    next_edition(ready, "2027-05", "2027-05-03")
    store(ready)
    done = release(ready, day="2027-05-03")
    assert done.returncode == 0, (done.stdout, done.stderr)
    text = (ready / "CHANGELOG.md").read_text("utf-8")
    assert text.startswith(
        "# Changelog\n\n## Unreleased\n\n## Edition 2027-05, 3 May 2027\n\n- A line of the second.\n\n### What changed for readers\n\n"
        "Compared with edition 2026-11. Reworded or updated: one recommendation.\n\n#### Changed wording\n\n"
    )
    copies = "- Stage 1, Plan &amp; share: guide, summary and checklist\n- Guide for commissioners\n- The whole framework"
    assert f"\n\n#### Printed copies to replace\n\n{copies}\n\n" in text
    assert text.endswith(f"\n\n{ENTRY}")
    assert git(ready, "tag").split() == ["edition-2026-11", "edition-2027-05"]
    assert [one.edition for one in read_project(ready).snapshots] == ["2026-11", "2027-05"]


def test_an_unreadable_last_edition_and_overdue_reviews_do_not_prevent_a_release(ready: Path) -> None:
    put(ready, "data/values/openness.yml", "number:", "figure:")
    bad = store(ready)
    put(ready, "data/values/openness.yml", "figure:", "number:")
    store(ready)
    assert release(ready).returncode == 0
    git(ready, "tag", "-f", "edition-2026-11", bad)
    next_edition(ready, "2031-01", "2031-01-01")
    store(ready)
    done = release(ready, day="2031-01-01")
    assert done.returncode == 0
    assert "could not compare this edition with edition 2026-11 word by word. The “Editions”" in (ready / "CHANGELOG.md").read_text("utf-8")
    assert "warning: checked_on: last checked on " in done.stderr


def test_an_edition_named_after_another_month_is_a_warning(ready: Path) -> None:
    next_edition(ready, "2026-11", "2026-12-02")
    store(ready)
    done = release(ready, "--dry-run", day="2026-12-02")
    wrong = "data/site.yml:9:10: warning: edition: 2026-11 is not the month of 2026-12-02; write edition: 2026-12, unless you mean it"
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, wrong)


def test_a_dry_run_shows_the_entry_and_writes_nothing(ready: Path) -> None:
    before = state(ready)
    done = release(ready, "--dry-run")
    assert (done.returncode, done.stdout) == (0, f"{ENTRY}\n")
    assert done.stderr == "Nothing was written. make release would write data/editions/2026-11.json and this entry, and tag it.\n"
    assert state(ready) == before


@pytest.mark.parametrize("typed", re.findall(r"`(git tag -d [^`]+ HEAD~1|git revert [^`]+)`", (ROOT / "PUBLISHING.md").read_text("utf-8")))
def test_publishing_says_how_to_undo_a_release(ready: Path, typed: str) -> None:
    assert release(ready).returncode == 0
    subprocess.run(["bash", "-c", typed], cwd=ready, env=ENVIRONMENT, check=True)
    assert release(ready).returncode == 0


def test_an_edition_is_not_released_before_its_day(ready: Path) -> None:
    next_edition(ready, "2026-11", "2026-11-23")
    before = store(ready)
    for words in ("--day", "2026-11-23"), ("--day", "2026-11-21", "--dry-run"):
        assert release(ready, *words).stderr.startswith("Error: Today is 2026-11-22. An edition is released on its day")
    assert release(ready, "--day", "2026-11-23", "--dry-run").returncode == 0
    assert git(ready, "rev-parse", "HEAD") == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_failed_check_writes_nothing(ready: Path, more: tuple[str, ...]) -> None:
    put(ready, "data/site.yml", "git.testshire.gov.uk", "git.example.org")
    before = state(ready)
    done = release(ready, *more, day="2026-11-23")
    assert (done.returncode, done.stderr) == (1, "Not released; nothing was written.\n")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()][:2] == ["data/site.yml", "data/site.yml"]
    assert "Not committed: data/site.yml." in done.stdout
    assert state(ready) == before


@pytest.mark.parametrize(
    ("hook", "script", "message"),
    [
        ("pre-commit", "echo 'The words are not agreed.' >&2; exit 1", "git commit failed: The words are not agreed.\n"),
        ("reference-transaction", 'grep -q "refs/tags/" && test "$1" = prepared && exit 1; exit 0', "git tag failed: "),
    ],
)
def test_a_failed_git_command_is_undone(ready: Path, hook: str, script: str, message: str) -> None:
    before, file = state(ready), ready / f".git/hooks/{hook}"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)
    done = release(ready)
    assert (done.returncode, done.stderr) == (1, "Not released; nothing was written.\n")
    assert done.stdout.startswith(message)
    assert state(ready) == before
    file.unlink()
    assert release(ready).returncode == 0


def test_two_releases_wait_for_each_other_and_another_tag_stays(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tag(_: Path, edition: Snapshot, __: str) -> None:
        with pytest.raises(Timeout):
            FileLock(ready / ".build.lock").acquire(blocking=False)
        git(ready, "tag", edition.tag)
        write(ready, edition, ENTRY)

    write = command._write
    monkeypatch.setattr(command, "_write", tag)
    assert release(ready).stdout.startswith("git tag failed: fatal: tag 'edition-2026-11' already exists")
    assert git(ready, "tag") == "edition-2026-11"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_or_an_interruption_is_undone(ready: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    before, write = state(ready), Path.write_bytes

    def failing(file: Path, content: bytes) -> int:
        if b"## Edition" in content:
            write(file, content[:20])
            raise error
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", failing)
    assert release(ready).returncode == 1
    assert state(ready) == before


EDITIONS = "# Changelog\n\n## Unreleased\n\n- Not yet.\n\n## Edition 2027-05, 3 May 2027\n\n- New words.\n\n### For readers\n\n- More.\n"
EDITIONS += "\n## Edition 2026-11, 22 November 2026\n\n- First.\n\n## Edition 2026-05, 1 May 2026\n"


@pytest.mark.parametrize(("tag", "status", "text"), cases("release.the_notes_of_an_edition"))
def test_the_notes_of_an_edition_are_its_section_of_the_changelog(project: Path, tag: str, status: int, text: str) -> None:
    (project / "CHANGELOG.md").write_text(EDITIONS)
    done = svf(project, "notes", tag)
    assert done.returncode == status
    assert done.stdout == text if status == 0 else text in done.stderr
