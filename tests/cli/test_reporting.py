"""Problems as annotations and as a summary: by itself in a workflow of GitHub, and never with live marks."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
from markdown import Markdown

from macros.cli.reporters import of_kind, summarised
from macros.model.problem import Problem
from tests.cli.test_main import WRONG, spoil
from tests.conftest import svf
from tests.text.test_verbatim import HOSTILE


def test_a_summary_begins_with_one_sentence_and_lists_by_file() -> None:
    problems = [
        Problem("data/b.yml", 7, 1, "twice", "two", "delete one"),
        Problem("data/a.yml", 3, 1, "x", "wrong", "right", field="says"),
        Problem("data/a.yml", 2, 1, "x", "long", "short", severity="warning"),
    ]
    assert summarised(problems) == (
        "2 problems in 2 files, 1 warning; here is what to type.\n\n"
        "**data/a.yml**\n\n"
        "| Line | What is wrong | What to type |\n| ---: | --- | --- |\n"
        "| 2 | Warning: long | short |\n| 3 | says: wrong | right |\n\n"
        "**data/b.yml**\n\n"
        "| Line | What is wrong | What to type |\n| ---: | --- | --- |\n"
        "| 7 | two | delete one |\n\n"
    )
    assert summarised([]) == "No problems.\n\n"


def test_a_long_summary_says_how_many_are_left_out() -> None:
    problems = [Problem("data/a.yml", n, 1, "x", "wrong", "right") for n in range(1, 6)]
    said = summarised(problems, most=2)
    assert said.count("| wrong |") == 2
    assert said.startswith("5 problems in 1 file; here is what to type.\n")
    assert "There are 3 more; mend these first." in said


def test_hostile_words_stay_words() -> None:
    problems = [Problem(f"data/{text}", 1, 1, "x", text, text, field=text) for text in HOSTILE]
    said = summarised(problems)
    root = lxml.html.fragment_fromstring(Markdown(extensions=["tables"]).convert(said), create_parent="div")
    assert not root.xpath("//a | //img | //script | //em | //code")
    assert {len(row.xpath("td")) for row in root.xpath("//tbody/tr")} == {3}
    assert not re.search(r"@\w|(?<!&)#\d|\w://|www\.", said)


def test_words_and_data_are_two_checks(project: Path) -> None:
    file = project / "data/recommendations/1a.yml"
    file.write_text(file.read_text().replace("Ask people what they need.", "Ask people  what they need"))
    (project / "data/values/trust.yml").write_text((project / "data/values/trust.yml").read_text().replace("number: 1", "number: 7"))
    names = {
        only: sorted(re.findall(r"title=([a-z-]+)", svf(project, "check", "--only", only, "--format", "github").stdout))
        for only in ("data", "words")
    }
    assert names["words"] == ["double-space", "no-stop"]
    assert names["data"]
    assert not set(names["data"]) & set(names["words"])
    together = re.findall(r"title=([a-z-]+)", svf(project, "check", "--format", "github").stdout)
    assert sorted(together) == sorted(names["data"] + names["words"])


def test_words_that_were_not_looked_at_are_not_called_right(project: Path) -> None:
    spoil(project)
    done = svf(project, "check", "--only", "words")
    assert done.returncode == 1
    assert "nothing else was looked at; mend first what svf check --only data names" in done.stdout
    assert svf(project, "check", "--only", "data").stdout == WRONG + "\n"


def test_what_is_overdue_can_be_asked_for_alone(project: Path) -> None:
    file = project / "data/recommendations/1a.yml"
    file.write_text(file.read_text().replace("Ask people what they need.", "Ask people  what they need."))
    done = svf(project, "check", "--only", "overdue", "--due", "2027-12-01")
    assert done.returncode == 1
    assert "due since" in done.stdout
    assert "two spaces" not in done.stdout
    assert svf(project, "check", "--only", "overdue", "--due", "2026-12-01").returncode == 0
    assert "svf check --only overdue needs --due" in svf(project, "check", "--only", "overdue").stderr


def test_of_kind_leaves_nothing_out() -> None:
    problems = [Problem("a", 1, 1, name, "x") for name in ("twice", "no-stop", "overdue")]
    parts = [of_kind(problems, kind, looked=True) for kind in ("data", "words", "overdue")]
    assert sorted(p for part in parts for p in part) == sorted(problems)


def test_in_a_workflow_problems_are_annotations_and_a_summary(project: Path, tmp_path: Path) -> None:
    spoil(project)
    summary = tmp_path / "summary.md"
    workflow = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    summary.write_text("Before.\n")
    for command in ("check", "build"):
        done = svf(project, command, **workflow)
        assert done.returncode == 1
        assert done.stdout.startswith("::error file=data/recommendations/1a.yml,line=28,col=16,title=unknown-reference::")
    said = summary.read_text()
    assert said.startswith("Before.\n1 problem in 1 file; here is what to type.\n")
    assert said.count("1 problem in 1 file") == 2
    assert "| 28 | compact.1.principle: there is no principle" in said
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
