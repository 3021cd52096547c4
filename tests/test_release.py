"""The command svf release, run as a publisher runs it, in real repositories: all of it happens, or nothing does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from macros.project import read_project

from .conftest import Done, svf
from .test_ready import LOG, publishable, store
from .test_revision import ENVIRONMENT, git, put
from .test_snapshot import next_edition

ONE = "data/recommendations/1a.yml"


@pytest.fixture
def ready(project: Path) -> Path:
    return publishable(project)


def release(root: Path, *words: str, day: str = "2026-11-22") -> Done:
    return svf(root, "release", "--day", day, *words, **ENVIRONMENT)


def state(root: Path) -> tuple[str, ...]:
    """Return everything that a release might change: commit, branch, tags, files and what Git says of them."""
    asked = (("rev-parse", "HEAD"), ("branch", "--show-current"), ("tag",), ("status", "--porcelain", "--ignored"), ("stash", "list"))
    files = sorted(f"{p.relative_to(root)} {p.read_bytes()!r}" for p in (*root.glob("data/**/*.*"), root / "CHANGELOG.md") if p.is_file())
    return (*(git(root, *words) for words in asked), *files, str((root / "data/editions").exists()))


def test_the_first_edition_is_kept_told_committed_and_tagged(ready: Path) -> None:
    head, revision = git(ready, "rev-parse", "HEAD"), read_project(ready).revision
    done = release(ready)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert done.stdout.startswith("Released edition 2026-11 as edition-2026-11: one commit and one tag, on this machine only.\n")
    assert "git push origin main edition-2026-11\n" in done.stdout
    assert "A workflow then makes the release" in done.stdout
    assert git(ready, "log", "-1", "--format=%s %P") == f"Release edition 2026-11 {head}"
    assert git(ready, "diff", "--name-only", "HEAD~1").split() == ["CHANGELOG.md", "data/editions/2026-11.json"]
    assert git(ready, "status", "--porcelain") == ""
    assert git(ready, "cat-file", "-t", "edition-2026-11") == "tag"
    assert git(ready, "tag", "-l", "--format=%(contents:subject)") == "Edition 2026-11, 22 November 2026"
    assert git(ready, "rev-parse", "edition-2026-11^{commit}") == git(ready, "rev-parse", "HEAD")
    assert (ready / "CHANGELOG.md").read_text("utf-8") == (
        "# Changelog\n\n## Unreleased\n\n## Edition 2026-11, 22 November 2026\n\n- The first line.\n\n"
        "### What changed for readers\n\nThis is the first edition, so there is nothing to compare it with.\n"
    )
    project = read_project(ready)
    assert project.errors == ()
    assert project.revision == revision == json.loads((ready / "data/editions/2026-11.json").read_text("utf-8"))["revision"]


def test_the_second_edition_tells_what_changed_since_the_first(ready: Path) -> None:
    assert release(ready).returncode == 0
    put(ready, ONE, "Ask people what they need.", "Ask people what they want.")
    put(ready, "CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- A line of the second.\n")
    next_edition(ready, "2027-05", "2027-05-03")
    store(ready)
    done = release(ready, day="2027-05-03")
    assert done.returncode == 0, (done.stdout, done.stderr)
    text = (ready / "CHANGELOG.md").read_text("utf-8")
    begin = (
        "# Changelog\n\n## Unreleased\n\n## Edition 2027-05, 3 May 2027\n\n- A line of the second.\n\n### What changed for readers\n\n"
        "Compared with edition 2026-11. Reworded or updated: 1 recommendation.\n\n#### What reads differently\n\n"
        "Struck out: words that are gone. Bold: new words.\n\n##### Recommendation 1a. Ask early for ideas (stage 1, Plan &amp; share)\n\n"
        "| | Until now | Now |\n| --- | --- | --- |\n"
        "| What to do, step 1 | Ask people what they <del>need</del>. | Ask people what they <strong>want</strong>. |\n\n"
        "#### Printed copies to replace\n\n- Stage 1, Plan &amp; share: guide\n- The whole framework\n\n"
    )
    assert text.startswith(begin)
    assert "Edition 2026-11 becomes" not in text
    assert "site's own details" not in text
    assert text.endswith("\n\n## Edition 2026-11, 22 November 2026\n\n" + LOG.partition("## Unreleased\n\n")[2] + FIRST)
    assert git(ready, "tag").split() == ["edition-2026-11", "edition-2027-05"]
    assert [one.edition for one in read_project(ready).snapshots] == ["2026-11", "2027-05"]


FIRST = "\n### What changed for readers\n\nThis is the first edition, so there is nothing to compare it with.\n"


def test_an_edition_that_changes_nothing_says_so(ready: Path) -> None:
    assert release(ready).returncode == 0
    next_edition(ready, "2027-05", "2027-05-03")
    store(ready)
    assert release(ready, day="2027-05-03").returncode == 0
    text = (ready / "CHANGELOG.md").read_text("utf-8")
    assert "## Edition 2027-05, 3 May 2027\n\n### What changed for readers\n\nNothing changes for readers.\n" in text


def test_a_last_edition_that_todays_checks_cannot_read_stops_nothing(ready: Path) -> None:
    put(ready, "data/values/trust.yml", "number:", "figure:")
    store(ready)
    bad = git(ready, "rev-parse", "HEAD")
    put(ready, "data/values/trust.yml", "figure:", "number:")
    store(ready)
    assert release(ready).returncode == 0
    git(ready, "tag", "-f", "edition-2026-11", bad)
    next_edition(ready, "2027-05", "2027-05-03")
    store(ready)
    assert release(ready, day="2027-05-03").returncode == 0
    assert "could not be compared with edition 2026-11 word by word. The page “Editions”" in (ready / "CHANGELOG.md").read_text("utf-8")


def test_a_dry_run_shows_the_entry_and_writes_nothing(ready: Path) -> None:
    before = state(ready)
    done = release(ready, "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith("## Edition 2026-11, 22 November 2026\n\n- The first line.\n")
    assert done.stderr == "Nothing was written: svf release would write data/editions/2026-11.json and this entry, and tag it.\n"
    assert state(ready) == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_what_is_not_ready_is_named_and_nothing_is_written(ready: Path, more: tuple[str, ...]) -> None:
    put(ready, "data/site.yml", "git.testshire.gov.uk", "git.example.org")
    before = state(ready)
    done = release(ready, *more, day="2026-11-23")
    assert done.returncode == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines()][:2] == ["data/site.yml", "data/site.yml"]
    assert "There are changes that are not committed (data/site.yml)" in done.stdout
    assert done.stderr == "Not released; nothing was written.\n"
    assert state(ready) == before


def test_reviews_that_are_overdue_are_warned_of_only(ready: Path) -> None:
    assert release(ready).returncode == 0
    next_edition(ready, "2031-01", "2031-01-01")
    store(ready)
    done = release(ready, day="2031-01-01")
    assert done.returncode == 0
    assert "warning: checked_on: last looked at on " in done.stderr


def hook(root: Path, name: str, text: str) -> None:
    file = root / f".git/hooks/{name}"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    file.chmod(0o755)


BROKEN = {
    "commit": ("pre-commit", "echo 'The words are not agreed.' >&2; exit 1", "git commit failed: The words are not agreed.\n"),
    "stopped": ("pre-commit", "kill -INT $PPID; sleep 1", "git commit failed: "),
    "tag": ("reference-transaction", 'grep -q "refs/tags/" && test "$1" = prepared && exit 1; exit 0', "git tag failed: "),
}


@pytest.mark.parametrize("step", BROKEN)
def test_a_step_that_fails_leaves_everything_as_it_was(ready: Path, step: str) -> None:
    before = state(ready)
    name, text, message = BROKEN[step]
    hook(ready, name, text)
    done = release(ready)
    assert done.returncode == 1
    assert done.stdout.startswith(message)
    assert done.stderr == "Not released; nothing was written.\n"
    assert state(ready) == before
    (ready / f".git/hooks/{name}").unlink()
    assert release(ready).returncode == 0


def test_a_release_that_is_told_to_stop_is_finished_first(ready: Path) -> None:
    hook(ready, "pre-commit", "kill -TERM $(ps -o ppid= -p $PPID)")
    words = [sys.executable, "-m", "macros", "release", "--day", "2026-11-22"]
    subprocess.run(words, cwd=ready, env=ENVIRONMENT, capture_output=True, check=True)
    assert git(ready, "tag") == "edition-2026-11"
    assert git(ready, "status", "--porcelain") == ""


def test_a_disk_that_is_full_gets_an_answer_and_everything_is_as_it_was(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, write = state(ready), Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        if b"## Edition" in content:
            raise OSError(28, "No space left on device", str(file))
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    done = release(ready)
    assert done.returncode == 1
    assert "No space left on device" in done.stdout
    assert done.stderr == "Not released; nothing was written.\n"
    assert state(ready) == before


def test_a_file_that_git_is_told_to_leave_out_is_no_edition(ready: Path) -> None:
    (ready / ".git/info").mkdir(exist_ok=True)
    (ready / ".git/info/exclude").write_text("editions/\n")
    before = state(ready)
    done = release(ready)
    assert (done.returncode, done.stdout.partition(":")[0]) == (1, "git add failed")
    assert state(ready) == before


def test_a_day_that_is_none_and_a_folder_that_is_no_project_get_an_answer(ready: Path) -> None:
    assert release(ready, day="2026-11-31").returncode == 2
    assert release(ready.parent).returncode == 2
