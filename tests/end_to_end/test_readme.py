"""What the guides for people say is true: the examples load, and every command and macro is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.model.records import KINDS
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import read_project
from tests.conftest import ROOT

GUIDE = (ROOT / "data/README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^## .*?`(data/\S+\.yml)`\n.*?^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def real_project(tmp_path: Path) -> Path:
    for name in ("data", "content"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def test_there_is_an_example_of_each_kind() -> None:
    assert {Path(path).parent.name for path, _ in EXAMPLES} == {cls.folder for cls in KINDS.values()}


def test_every_example_loads_among_the_real_records(real_project: Path) -> None:
    for path, text in EXAMPLES:
        (real_project / path).write_text(text, "utf-8")
    assert read_project(real_project).errors == ()


def test_every_macro_is_listed() -> None:
    assert set(re.findall(r"\{\{ (\w+)\(", GUIDE)) == set(PageMacros.names())


def test_the_newcomers_path(real_project: Path) -> None:
    text = dict(EXAMPLES)["data/recommendations/3f.yml"]
    record = real_project / "data/recommendations/3f.yml"
    record.write_text(text.replace("principle: 2-design", "principle: 2-desing"), "utf-8")
    (problem,) = read_project(real_project).errors
    assert problem.path == "data/recommendations/3f.yml"
    assert text.split("\n")[problem.line - 1].strip() == "- principle: 2-design"
    assert problem.message.endswith('did you mean "2-design"?')
    record.write_text(text, "utf-8")
    project = read_project(real_project)
    assert project.errors == ()
    assert project.framework is not None
    assert "Added since the report, in edition 2026-11." in PageMacros(project.framework, str).stage_guide("3-tender")


def test_the_readmes_name_what_exists() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    guides = "\n".join((ROOT / f"{name}.md").read_text("utf-8") for name in ("README", "CONTRIBUTING", "HACKING", "PUBLISHING"))
    for target in re.findall(r"(?:^|`)make ([\w-]+)", guides, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for command in re.findall(r"svf ([a-z][a-z-]*)", guides):
        assert command in main.commands, command
    for path in re.findall(r"`((?:\.github|content|data|macros|tests)/[\w/.-]+)`", guides):
        assert (ROOT / path).exists() or path == "data/editions/", path  # which the first release makes
    for module in re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", guides):
        assert module.startswith(("macros/", "tests/")) or (ROOT / "macros" / module).is_file(), module
    for template in re.findall(r"`(templates/[\w/.]+)`", guides):
        assert (ROOT / "macros" / template).exists(), template
    for link in re.findall(r"\]\(([^)#]+)\)", guides + GUIDE):
        assert link.startswith("http") or link == "2f" or (ROOT / link).exists(), link
    for folder in re.findall(r"^\| `([\w/.-]+)`", readme, re.MULTILINE):
        assert (ROOT / folder).exists(), folder
