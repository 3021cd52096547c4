"""Every rule has a docstring that states it and a broken record that breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.checks import characters, house_style, numbering, relations
from macros.checks.relations import CHECKS, is_example, workflows_run_on_the_branch
from macros.loading.loader import load
from tests.checks.test_broken import BROKEN, fixture
from tests.conftest import ROOT, TESTS, make_project
from tests.history.test_revision import put


def test_every_rule_is_listed_and_says_what_it_is() -> None:
    defined = {
        function
        for module in (relations, characters, numbering, house_style)
        for function in vars(module).values()
        if getattr(function, "__module__", "") == module.__name__
        and not function.__name__.startswith("_")
        and "framework" in getattr(function, "__annotations__", {})
    }
    assert defined == set(CHECKS)
    for check in CHECKS:
        assert re.fullmatch(r"[A-Z].*\.", check.__doc__ or "", re.DOTALL)


@pytest.fixture(scope="module")
def broken_rules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The rules that some record of tests/broken/ breaks."""
    found = set()
    for number, file in enumerate(f for f in BROKEN if not f.name.startswith("page")):
        project = make_project(tmp_path_factory.mktemp(f"broken{number}"))
        home, text, _ = fixture(file)
        (project / home).write_text(text, "utf-8")
        framework, problems = load(project)
        if framework is not None and not problems:
            found |= {check.__name__ for check in CHECKS if any(True for _ in check(framework))}
    return found


def test_every_rule_is_broken_by_some_fixture(broken_rules: set[str]) -> None:
    assert {check.__name__ for check in CHECKS} - broken_rules == set()


def test_what_is_withdrawn_may_name_what_is_withdrawn(project: Path) -> None:
    put(
        project,
        "data/recommendations/2b.yml",
        "values: [trust]\n",
        "values: [trust]\nwithdrawn: {edition: 2026-11, reason: It said less.}\n",
    )
    assert load(project, CHECKS)[1] == ()


@pytest.mark.parametrize("line", ["points: [intro]\n", "sources: [small-law]\n"])
def test_a_point_or_a_source_is_support_enough(project: Path, line: str) -> None:
    put(project, "data/glossary/output.yml", line, "")
    assert load(project, CHECKS)[1] == ()


def test_a_bad_link_that_stands_in_its_text_in_other_characters_is_put_at_the_start_of_the_text(project: Path) -> None:
    put(project, "data/glossary/output.yml", "What is done and", "What is done\n  and [done](no&amp;where)\n  and")
    (problem,) = load(project, CHECKS)[1]
    assert (problem.name, problem.line, problem.column) == ("bad-link", 3, 3)


@pytest.mark.parametrize("address", ["https://git.example.org/x", "a@example.com", "https://example.net", "https://council.example/x"])
def test_reserved_addresses(address: str) -> None:
    assert is_example(address)


@pytest.mark.parametrize("address", ["https://example.gov.uk", "a@examples.org", "https://git.council.gov.uk/example.org-mirror"])
def test_real_addresses(address: str) -> None:
    assert not is_example(address)


def workflow(project: Path, text: str, name: str = "publish.yml") -> None:
    folder = project / ".github/workflows"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "line", "column", "named"),
    [
        ("on:\n  push:\n    branches: [main]\n", 3, 16, "main"),
        ("on:\n  pull_request:\n    branches:\n      - main\n", 4, 9, "main"),
        ("on: push\njobs: {a: {if: github.ref == 'refs/heads/main'}}\n", 2, 42, "main"),
        ("on: push\nenv:\n  X: ${{ github.ref_name != 'main' && 1 }}\n", 3, 30, "main"),
    ],
)
def test_a_workflow_on_another_branch_is_named_at_its_line(tmp_path: Path, text: str, line: int, column: int, named: str) -> None:
    workflow(tmp_path, text)
    (problem,) = workflows_run_on_the_branch(tmp_path, "trunk")
    assert (problem.path, problem.line, problem.column) == (".github/workflows/publish.yml", line, column)
    assert problem.message == (
        f"names the branch {named}, but data/site.yml publishes from trunk; write trunk here, or change branch: in data/site.yml"
    )


@pytest.mark.parametrize(
    "text",
    [
        "on:\n  push:\n    branches: [trunk]\n",
        "on:\n  push:\n    tags: [main]\n    branches-ignore: [main]\n",
        "on: push\njobs: {a: {if: github.ref == 'refs/tags/main' || github.ref == 'refs/heads/trunk'}}\n",
        "on: push\njobs: {a: {steps: [{run: git push origin HEAD:refs/heads/gh-pages}]}}\n",
        "",
    ],
)
def test_a_workflow_that_names_no_other_branch_is_left_alone(tmp_path: Path, text: str) -> None:
    workflow(tmp_path, text)
    assert list(workflows_run_on_the_branch(tmp_path, "trunk")) == []


def test_the_fixtures_are_there() -> None:
    assert len(BROKEN) > 100
    assert Path(TESTS / "broken").is_relative_to(ROOT)
