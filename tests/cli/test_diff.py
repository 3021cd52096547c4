"""The commands diff and protected, run as people and workflows run them, in real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import svf
from tests.history.test_git import git, put, repository, save

ONE = "data/recommendations/1a.yml"


@pytest.fixture
def repo(project: Path) -> Path:
    return repository(project)


def test_a_change_is_described_with_the_pages_that_show_it(repo: Path) -> None:
    put(repo, ONE, "stage: 1-plan", "# A comment.\nstage: 1-plan")
    assert svf(repo, "diff", "begin").stdout.startswith("Nothing changes for readers.\n")
    assert svf(repo, "protected", "begin").returncode == 0
    put(repo, ONE, "Ask people what they need.", "Ask people  what they want.")  # house style does not prevent a comparison
    put(repo, ONE, "terms: [outcome]", "terms: [output]")
    save(repo)
    done = svf(repo, "diff", "begin", "main")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 recommendation changes; nothing protected changes.\n")
    assert "    - Ask people what they [-need-].\n    + Ask people  what they {+want+}.\n" in done.stdout
    assert "- It no longer uses the term “Outcome”.\n" in done.stdout
    assert "- Plan & share, stages/1-plan/\n" in done.stdout
    assert "- To print: downloads/stage-1-plan.pdf\n" in done.stdout
    assert "downloads/stage-2-buy.pdf" not in done.stdout
    assert svf(repo, "diff", "begin", "--summary", "summary.md").stdout == svf(repo, "diff", "begin").stdout
    shown = (repo / "summary.md").read_text("utf-8")
    assert shown.startswith("## What changes for readers\n\n1 recommendation changes; nothing protected changes.\n")
    assert "| Ask people what they <del>need</del>. | Ask people what they <strong>want</strong>. |" in shown.replace(
        "people  what", "people what"
    )


def test_later_changes_of_the_base_are_left_out(repo: Path) -> None:
    git(repo, "checkout", "-qb", "offer")
    save(repo, "Offer")
    git(repo, "checkout", "-q", "main")
    put(repo, ONE, "early enough to matter", "early enough to count")
    save(repo, "Meanwhile")
    assert svf(repo, "diff", "main", "offer").stdout.startswith("Nothing changes")
    assert [svf(repo, "protected", *sides).returncode for sides in (("main", "offer"), ("offer", "main"))] == [0, 1]


def test_a_protected_change_is_a_problem_until_it_is_agreed(repo: Path) -> None:
    put(repo, ONE, "early enough to matter", "early enough to count")
    done = svf(repo, "protected", "begin")
    assert (done.returncode, done.stderr) == (1, "1 problem in 1 file\n")
    change = f'{ONE}:5:61: says: "...happen early enough to matter." becomes "...happen early enough to count."; ask the steering group'
    assert done.stdout.startswith(change)
    assert "steering-group-agreed" in done.stdout
    agreed = svf(repo, "protected", "begin", "--agreed", "--format", "github")
    assert agreed.returncode == 0
    assert agreed.stdout.startswith(f"::warning file={ONE},line=5,col=61,title=protected::says: ")
    assert "\nProtected (" in svf(repo, "diff", "begin").stdout


def test_a_point_of_the_report_is_protected_at_its_own_line(repo: Path) -> None:
    file = repo / "data/report.yml"
    lines = file.read_text("utf-8").split("\n")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith("point:")) + 1
    lines[number] = lines[number].replace(lines[number].split()[-1], "otherwise.")
    file.write_text("\n".join(lines), "utf-8")
    found = json.loads(svf(repo, "protected", "begin", "--format", "json").stdout)
    assert [(p["path"], p["line"], p["field"]) for p in found] == [("data/report.yml", number + 1, "points.1.point")]


def test_adding_and_removing_records_of_the_report_is_protected(repo: Path) -> None:
    text = (repo / ONE).read_text("utf-8")
    (repo / "data/recommendations/1c.yml").write_text(text.replace("letter: a", "letter: c") + "added: 2026-11\n", "utf-8")
    with (repo / ONE).open("a") as stream:
        stream.write("withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n")
    done = svf(repo, "protected", "begin")
    last = len((repo / ONE).read_text("utf-8").split("\n")) - 4
    assert f"{ONE}:{last + 1}:3: withdrawn: a recommendation is withdrawn; ask the steering" in done.stdout
    assert "data/recommendations/1c.yml:1:1: a recommendation is added; ask the steering" in done.stdout
    save(repo)
    (repo / "data/recommendations/1c.yml").unlink()
    assert "data/recommendations/1c.yml:1:1: a recommendation is removed; ask the steering" in svf(repo, "protected", "main").stdout
    assert "Removed: Recommendation 1c. " in svf(repo, "diff", "main").stdout


@pytest.mark.parametrize("command", ["diff", "protected"])
def test_an_unreadable_side_is_named(repo: Path, command: str) -> None:
    put(repo, "data/values/trust.yml", "number:", '"@team#1 <b>":')
    here = svf(repo, command, "begin", "--summary", "summary.md")
    assert here.returncode == 1
    assert here.stderr.startswith("this folder cannot be read, so nothing was compared. Fix these problems first.\n")
    assert "data/values/trust.yml:1:1: " in here.stdout
    assert "@&#8203;team#&#8203;1 &lt;b&gt;" in (repo / "summary.md").read_text("utf-8")
    broken = save(repo, "Break")
    assert svf(repo, command, "begin", "main").stderr.startswith("main cannot be read")
    put(repo, "data/values/trust.yml", '"@team#1 <b>":', "number:")
    fixed = svf(repo, command, broken)
    assert (fixed.returncode, fixed.stderr.split(" cannot")[0]) == (1, f"{broken} ({broken[:8]})")
    agreed = svf(repo, "protected", broken, "--agreed")
    assert (agreed.returncode, "The change is agreed." in agreed.stderr) == (0, True)


@pytest.mark.parametrize("words", [["nowhere"], ["--", "-x"], ["begin", "nowhere"], []])
def test_an_unknown_revision_ends_with_status_2(repo: Path, words: list[str]) -> None:
    done = svf(repo, "diff", *words)
    assert (done.returncode, done.stdout) == (2, "")
