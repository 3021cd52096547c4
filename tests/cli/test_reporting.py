"""Problems as annotations and as a summary in GitHub workflows; their text is escaped."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.cli.context import summarised
from macros.model.problem import Problem
from tests.cli.test_main import WRONG, spoil
from tests.conftest import svf


def test_a_summary_lists_problems_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [
        Problem("data/b.yml", 7, 1, "twice", "two | @you <b>", "delete one"),
        Problem("data/a.yml", 3, 1, "x", "wrong", "right", field="says"),
        Problem("data/a.yml", 2, 1, "x", "long", "short", severity="warning"),
    ]
    head = "| Line | What is wrong | What to type |\n| ---: | --- | --- |\n"
    first = f"**data/a.yml**\n\n{head}| 2 | Warning: long | short |\n| 3 | says: wrong | right |\n\n"
    second = f"**data/b.yml**\n\n{head}| 7 | two \\| @&#8203;you &lt;b&gt; | delete one |\n\n"
    counted = "2 problems in 2 files, 1 warning; here is what to type.\n\n"
    assert summarised(problems) == counted + first + second
    assert summarised([]) == "No problems.\n\n"
    monkeypatch.setattr("macros.cli.context.MAX_LISTED", 2)
    assert summarised(problems) == f"{counted}{first}There are 1 more. Fix these first.\n\n"


def test_in_a_workflow_problems_are_annotations_and_a_summary(project: Path, tmp_path: Path) -> None:
    spoil(project)
    summary = tmp_path / "summary.md"
    workflow = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    summary.write_text("Before.\n")
    for command in ("check", "build"):
        done = svf(project, command, **workflow)
        assert done.returncode == 1
        assert done.stdout.startswith("::error file=data/recommendations/1a.yml,line=28,col=16,title=unknown-reference::")
    text = summary.read_text()
    assert text.startswith("Before.\n1 problem in 1 file; here is what to type.\n")
    assert text.count("1 problem in 1 file") == 2
    assert "| 28 | compact.1.principle: there is no principle" in text
    assert svf(project, "check", "--format", "text", **workflow).stdout == WRONG + "\n"
    assert svf(project, "check", GITHUB_ACTIONS="false").stdout == WRONG + "\n"


def test_a_dead_link_is_an_annotation_at_its_line(project: Path, tmp_path: Path) -> None:
    page = project / "content/index.md"
    page.write_text(page.read_text() + '\n<a href="gone.pdf">gone</a>\n')
    line = page.read_text().split("\n").index('<a href="gone.pdf">gone</a>') + 1
    summary = tmp_path / "summary.md"
    done = svf(project, "build", "--format", "github", "--summary", str(summary))
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file=content/index.md,line={line},")
    assert summary.read_text().startswith("1 problem in 1 file; here is what to type.\n")
    assert svf(project, "build").stdout == ""
