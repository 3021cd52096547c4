"""A command finds the project it is run in, and does nothing with a wrong one."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from macros.cli.context import checked, project_root


def test_the_current_folder_is_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert project_root() == project
    assert checked(project).root == project


def test_another_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(click.UsageError, match=r"no mkdocs\.yml in this folder"):
        project_root()


def test_problems_are_printed_and_the_command_ends(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data/glossary/outcome.yml").write_text("term: Outcome\nmeaning: no: yes\n", "utf-8")
    with pytest.raises(SystemExit) as end:
        checked(project)
    assert end.value.code == 1
    said = capsys.readouterr()
    assert said.out.startswith("data/glossary/outcome.yml:2:")
    assert "1 problem in 1 file" in said.err
