"""The command svf, run in the folder of a project."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from macros.__main__ import main
from macros.cli.context import summarised
from macros.model.problem import Problem
from macros.site_build import mkdocs_hooks
from tests.conftest import ROOT, svf
from tests.history.test_git import put


def spoil(project: Path) -> None:
    file = project / "data/recommendations/1a.yml"
    file.write_text(file.read_text().replace("principle: 1-equal-voice", "principle: 1-equal-voic"))


WRONG = 'data/recommendations/1a.yml:31:16: compact.1.principle: there is no principle "1-equal-voic"; did you mean "1-equal-voice"?'


def test_check_lists_each_problem(project: Path) -> None:
    done = svf(project, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no problems\n")
    spoil(project)
    done = svf(project, "check")
    assert (done.returncode, done.stdout) == (1, WRONG + "\n")
    assert done.stderr == "1 problem in 1 file\nOther checks were skipped. Fix these problems, and check again.\n"


def test_a_closed_pipe_is_no_error(project: Path) -> None:
    spoil(project)
    command = [sys.executable, "-m", "macros", "check"]
    running = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait() == 1


def test_check_lists_overdue_reviews(project: Path) -> None:
    due = "data/law/social-value-act.yml:19:13: checked_on: last checked on 2026-11-22, due on 2027-11-22"
    put(project, "data/recommendations/1a.yml", "a school gate.", "a  school gate.")
    for words, status, text in (
        (["--only", "overdue", "--due", "2027-01-01"], 0, ""),
        (["--only", "overdue", "--due", "2027-12-01"], 1, due),
        (["--due", "2027-12-01"], 1, due),
        (["--only", "overdue"], 2, "svf check --only overdue needs --due"),
        (["--due", "tomorrow"], 2, '"tomorrow" is not a date. Write it like 2026-12-31.'),
    ):
        done = svf(project, "check", *words)
        assert done.returncode == status
        assert text in done.stdout + done.stderr
        assert ("two spaces" in done.stdout) == ("--only" not in words and status == 1)


def test_check_separates_house_style_from_data(project: Path) -> None:
    put(project, "data/recommendations/1a.yml", "a school gate.", "a  school gate")
    put(project, "data/values/openness.yml", "number: 1", "number: 7")
    words, data, both = (
        sorted(re.findall(r"title=([a-z-]+)", svf(project, "check", *only, "--format", "github").stdout))
        for only in (["--only", "words"], ["--only", "data"], [])
    )
    assert words == ["double-space", "no-stop"]
    assert data
    assert both == sorted(data + words)
    spoil(project)
    assert svf(project, "check", "--only", "words").stdout == WRONG + "\n", "an invalid record prevents all other checks"


def test_check_prints_reading_ages(project: Path) -> None:
    done = svf(project, "check", "--reading")
    assert (done.returncode, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert re.fullmatch(r"1-find-out: Flesch-Kincaid grade \d+\.\d, a reading age of about \d+", lines[0])
    assert [line.split(":")[0] for line in lines] == ["1-find-out", "2-agree", "3-look-back", "no problems"]


def test_a_warning_does_not_fail(project: Path) -> None:
    put(project, "data/site.yml", "framework@testshire.gov.uk", "framework@example.org")
    done = svf(project, "check")
    assert done.returncode == 0
    assert 'warning: email: "framework@example.org" is a placeholder' in done.stdout
    assert svf(project, "build").returncode == 0
    assert "without a publisher yet" in (project / "site/index.html").read_text()


def test_it_works_on_the_current_folder_only(tmp_path: Path) -> None:
    done = svf(tmp_path, "check")
    assert done.returncode == 2
    assert "There is no mkdocs.yml in this folder" in done.stderr


def test_accepted_settings_are_checked_again_only_if_they_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert svf(project, "check").returncode == 0
    monkeypatch.setattr(mkdocs_hooks, "settings_problems", lambda _: (Problem("mkdocs.yml", 1, 1, "setting", "checked"),))
    assert svf(project, "check").returncode == 0
    put(project, "mkdocs.yml", "site_name: ", "site_name: The ")
    assert "checked" in svf(project, "check").stdout


def test_a_mistyped_command_or_option_gets_a_suggestion(project: Path) -> None:
    for words, meant in ((["checks"], "check"), (["check", "--fromat", "github"], "--format"), (["check", "--format", "txt"], "text")):
        done = svf(project, *words)
        assert (done.returncode, meant in done.stderr.splitlines()[-1]) == (2, True)


def test_help_is_complete() -> None:
    context = click.Context(main)
    for words in ([], *[[name] for name in main.list_commands(context)]):
        shown = CliRunner().invoke(main, [*words, "--help"]).output
        command = (main.get_command(context, words[0]) if words else None) or main
        assert (command.help or "").split("\n")[0] in shown.replace("\n  ", " ")
        for parameter in command.params:
            assert not hasattr(parameter, "help") or parameter.help, f"{words} {parameter.name} has no help"


def test_a_failed_build_leaves_the_last_site(project: Path) -> None:
    def built() -> dict[Path, bytes]:
        return {file: file.read_bytes() for file in (project / "site").rglob("*") if file.is_file()}

    done = svf(project, "build")
    assert done.returncode == 0, done.stderr
    assert "Built" in done.stderr
    before, page = built(), (project / "content/index.md").read_text()
    assert project / "site/stages/1-find-out/index.html" in before
    own = "https://framework.example.org/gone.csv"  # MkDocs does not check it
    for text, message in ((f"[nowhere]({own})", f'"{own}" leads to no file'), ("[nowhere](gone.pdf)", "gone.pdf")):
        (project / "content/index.md").write_text(f"{page}\n{text}\n")
        failed = svf(project, "build")
        assert failed.returncode == 1
        assert message in failed.stderr
        assert "The last good site/ is untouched" in failed.stderr
    spoil(project)
    failed = svf(project, "build")
    assert (failed.returncode, WRONG in failed.stdout) == (1, True)
    assert built() == before
    assert [p.name for p in project.glob(".site-*")] == []


def test_plain_mkdocs_makes_the_same_pages_and_stops_on_an_invalid_record(project: Path, tmp_path: Path) -> None:
    def mkdocs() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mkdocs", "build", "-d", str(tmp_path / "plain")]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    assert svf(project, "build").returncode == 0
    assert mkdocs().returncode == 0
    pages = ({f.relative_to(site): f.read_bytes() for f in site.rglob("*.html")} for site in (project / "site", tmp_path / "plain"))
    assert next(pages) == next(pages)
    spoil(project)
    done = mkdocs()
    assert done.returncode == 1
    assert WRONG in done.stderr
    assert "Traceback" not in done.stderr


def test_schema_writes_outdated_files(project: Path) -> None:
    assert "wrote data/schema/term.json\n" in svf(project, "schema").stderr
    assert svf(project, "schema").stderr == ""
    assert svf(project, "check").returncode == 0


def test_the_command_is_installed() -> None:
    script = Path(sys.executable).with_name("svf")
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run([str(script), "--help"], cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert "Check, build and serve" in done.stdout


def test_serve_says_that_a_port_is_taken_or_an_address_is_none(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = svf(project, "serve", "--address", address)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        f"Not served. {address}: Address already in use. Try another address, for example make serve ADDRESS=127.0.0.1:8001\n"
    )
    assert "Must be a string of format 'IP:PORT'" in svf(project, "serve", "--address", "8001").stderr


def test_broken_settings_give_no_traceback(project: Path) -> None:
    (project / "mkdocs.yml").write_text("site_name: [\n")
    for command in ("serve", "build"):
        done = svf(project, command)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr, done.stderr


def lay_site(project: Path) -> None:
    """Write a few files in place of a built site."""
    for name in ("index.html", "values/index.html", "search/index.html", "edit/index.html", "_headers"):
        (project / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (project / "site" / name).write_text('<a href="values/">Values</a>', "utf-8")


def test_zip_packs_the_site(project: Path) -> None:
    missing = svf(project, "zip")
    assert missing.returncode == 2
    assert "There is no site/ to pack. Run svf build first." in missing.stderr
    lay_site(project)
    done = svf(project, "zip")
    assert done.returncode == 0, done.stderr
    assert "Packed site/ as framework.zip, 0.0 MB; unpack it, and open framework/index.html" in done.stderr
    with zipfile.ZipFile(project / "framework.zip") as packed:
        assert packed.namelist() == ["framework/index.html", "framework/search/index.html", "framework/values/index.html"]
        assert packed.read("framework/index.html") == b'<a href="values/index.html">Values</a>'


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
        assert done.stdout.startswith("::error file=data/recommendations/1a.yml,line=31,col=16,title=unknown-reference::")
    text = summary.read_text()
    assert text.startswith("Before.\n1 problem in 1 file; here is what to type.\n")
    assert text.count("1 problem in 1 file") == 2
    assert "| 31 | compact.1.principle: there is no principle" in text
    assert svf(project, "check", "--format", "text", **workflow).stdout == WRONG + "\n"
    assert svf(project, "check", GITHUB_ACTIONS="false").stdout == WRONG + "\n"


def test_a_dead_link_is_an_annotation_at_its_line(project: Path, tmp_path: Path) -> None:
    page = project / "content/index.md"
    page.write_text(page.read_text() + "\n<https://framework.example.org/gone.pdf>\n")
    line = page.read_text().split("\n").index("<https://framework.example.org/gone.pdf>") + 1
    summary = tmp_path / "summary.md"
    done = svf(project, "build", "--format", "github", "--summary", str(summary))
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file=content/index.md,line={line},")
    assert summary.read_text().startswith("1 problem in 1 file; here is what to type.\n")
    assert svf(project, "build").stdout == ""
