"""Test that payloads of template injection are problems at their line, and that the sandbox refuses them, too."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError

import macros
from macros.loading.pages import Page, calls
from macros.model.problem import Problem
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import CallsOnly
from tests.conftest import cases
from tests.rendering.test_define_env import Engine

PAYLOADS: dict[str, str] = cases("sandbox.payloads") | {"deep-brackets": "{{ " + "(" * 5_000}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "`{}`", "<!-- {} -->", "    {}", "```\n{}\n```"])
def test_each_payload_is_a_problem_at_its_line(payload: str, around: str) -> None:
    found = list(calls(Page("content/x.md", None, f"One\n\n{around.format(payload)}\n", 5), PageMacros.names()))
    problems = [problem for problem in found if isinstance(problem, Problem)]
    assert problems
    assert all(problem.name == "jinja" and problem.instead for problem in problems)
    assert {problem.line for problem in problems} <= {7, 8, 9, 10}


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.conftest import make_project

    engine = Engine(make_project(tmp_path_factory.mktemp("sandboxed")))
    macros.define_env(engine)
    macros.on_pre_page_macros(engine)
    return lambda text: engine.env.from_string(text).render(**engine.variables)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_payload_runs_even_if_the_check_missed_it(render: Any, payload: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TemplateError):
        render(payload)
    assert capfd.readouterr().out == ""


def test_our_macros_are_rendered(render: Any) -> None:
    assert render("{{ link('1a') }}, {{ link(record='1a', words='it') }}").count("../1a/") == 2


def test_a_variable_with_the_name_of_a_macro_is_not_called() -> None:
    class Own(Environment):
        pass

    env: Any = Own(undefined=StrictUndefined)
    env.__class__ = CallsOnly
    env.globals.clear()
    with pytest.raises(SecurityError):
        env.from_string("{{ link('1a') }}").render(link=print)
    env.globals["link"] = str.upper
    assert env.from_string("{{ link('1a') }}").render() == "1A"
