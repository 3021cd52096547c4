"""No payload of template injection runs: each is a problem at its line, and where it is rendered all the same, it is refused there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError

import macros
from macros.loading.pages import Page, calls
from macros.model.problem import Problem
from macros.rendering.page_macros import Library
from macros.rendering.sandbox import CallsOnly
from tests.rendering.test_define_env import Engine

# One trick each, of the families that public lists of template injection name.
PAYLOADS = {
    "arithmetic": "{{ 7 * 7 }}",
    "text-times": "{{ 'a' * 9999999999 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "joined": "{{ 'a' ~ 'b' }}",
    "compared": "{{ 'a' == 'a' }}",
    "condition": "{{ link('1a') if true else values() }}",
    "class-chain": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "class-by-item": "{{ ''['__class__']['__base__'] }}",
    "class-by-attr": "{{ ''|attr('__class__')|attr('__mro__') }}",
    "hex-names": "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "joined-names": "{{ ''[['__cla', 'ss__']|join] }}",
    "format-string": "{{ '{0.__class__.__init__}'.format(link) }}",
    "format-map": "{{ '{a.__globals__}'.format_map({'a': link}) }}",
    "percent-format": "{{ '%s' % link }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__['os'].environ }}",
    "namespace": "{{ namespace.__init__.__globals__.sys.modules }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "range-bomb": "{{ range(999999999) | list }}",
    "dict": "{{ dict(a='b').items() }}",
    "builtins-of-a-macro": "{{ link.__globals__.__builtins__.__import__('os').system('id') }}",
    "closure-of-a-macro": "{{ link.__closure__ }}",
    "self-of-a-macro": "{{ link.__self__.framework }}",
    "func-of-a-macro": "{{ link.__func__.__code__.co_consts }}",
    "a-macro-itself": "{{ link }}",
    "attribute-of-a-call": "{{ link('1a').__class__ }}",
    "item-of-a-call": "{{ link('1a')[0] }}",
    "call-of-a-call": "{{ link('1a')() }}",
    "call-in-a-call": "{{ link(link('1a')) }}",
    "call-in-a-keyword": "{{ link(record=values()) }}",
    "name-in-a-call": "{{ link(config) }}",
    "star": "{{ link(*['1a']) }}",
    "double-star": "{{ link(**{'record': '1a'}) }}",
    "f-config": "{{ config.items() }}",
    "theme-environment": "{{ config.theme.get_env().from_string('x').render() }}",
    "plugins": "{{ config.plugins['macros']._env }}",
    "page-file": "{{ page.file.abs_src_path }}",
    "navigation": "{{ navigation.pages }}",
    "environment": "{{ environment }}",
    "files": "{{ files.src_uris }}",
    "macros-info": "{{ macros_info() }}",
    "context": "{{ context() }}",
    "now": "{{ now() }}",
    "fix-url": "{{ fix_url('x') }}",
    "request": "{{ request.application.__globals__ }}",
    "url-for": "{{ url_for.__globals__ }}",
    "get-flashed-messages": "{{ get_flashed_messages.__globals__ }}",
    "self": "{{ self._TemplateReference__context }}",
    "self-name": "{{ self.__init__.__globals__ }}",
    "caller": "{{ caller() }}",
    "super": "{{ super() }}",
    "varargs": "{{ varargs }}",
    "filter-map": "{{ ['id']|map('system') }}",
    "filter-safe": "{{ '<script>alert(1)</script>' | safe }}",
    "filter-of-a-call": "{{ link('1a') | upper }}",
    "test": "{{ link is callable }}",
    "text": "{{ '<script>alert(1)</script>' }}",
    "number": "{{ 1 }}",
    "list": "{{ [link] }}",
    "group": "{{ {'a': link} }}",
    "lookup-of-undefined": "{{ nothing.__class__ }}",
    "no-such-macro": "{{ system('id') }}",
    "upper-case-macro": "{{ LINK('1a') }}",
    "number-in-a-call": "{{ link(1) }}",
    "minus-marks": "{{- cycler -}}",
    "plus-marks": "{{+ cycler }}",
    "statement-set": "{% set x = cycler %}",
    "statement-for": "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "nested-for": "{% for a in 'aaaa' %}{% for b in 'aaaa' %}x{% endfor %}{% endfor %}",
    "recursive-for": "{% for a in 'a' recursive %}{{ loop('a') }}{% endfor %}",
    "statement-if": "{% if ''.__class__ %}x{% endif %}",
    "statement-include": "{% include '/etc/passwd' %}",
    "statement-import": "{% import 'os' as os %}",
    "statement-from": "{% from 'os' import system %}",
    "statement-extends": "{% extends 'main.html' %}",
    "statement-block": "{% block content %}x{% endblock %}",
    "statement-macro": "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "statement-call": "{% call link('1a') %}x{% endcall %}",
    "statement-filter": "{% filter upper %}x{% endfilter %}",
    "statement-with": "{% with a = cycler %}{{ a }}{% endwith %}",
    "statement-autoescape": "{% autoescape false %}<script>{% endautoescape %}",
    "statement-do": "{% do link('1a') %}",
    "statement-debug": "{% debug %}",
    "statement-trans": "{% trans %}x{% endtrans %}",
    "statement-raw": "{% raw %}{{ cycler }}{% endraw %}",
    "statement-marks": "{%- set x = 1 -%}",
    "comment": "{# hidden {{ cycler }} #}",
    "comment-open": "{# never closed",
    "open": "{{ link('1a')",
    "deep": "{{" * 400,
    "deep-brackets": "{{ " + "(" * 5_000,
    "deep-list": "{{ link(" + "[" * 5_000,
    "long-sum": "{{ " + "1+" * 5_000 + "1 }}",
    "unicode-name": "{{ \u017felf }}",
    "full-width": "{{ \uff43\uff59cler }}",
}
HARMLESS_WHEN_RENDERED = {"statement-raw", "comment"}
"""Those that put out only what is typed, or nothing; they are problems in a page all the same."""


def test_there_are_enough() -> None:
    assert len(PAYLOADS) >= 90


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize(
    "around", ["{}", "`{}`", "<!-- {} -->", "    {}", "```\n{}\n```"], ids=["bare", "code", "comment", "indented", "fence"]
)
def test_each_is_a_problem_at_its_line(payload: str, around: str) -> None:
    found = list(calls(Page("content/x.md", None, f"One\n\n{around.format(payload)}\n", 5), Library.names()))
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
def test_none_runs_when_it_is_rendered_all_the_same(render: Any, payload: str, capfd: pytest.CaptureFixture[str]) -> None:
    if payload in (PAYLOADS[name] for name in HARMLESS_WHEN_RENDERED):
        assert "<class" not in render(payload)
    else:
        with pytest.raises((TemplateError, RecursionError)):
            render(payload)
    assert capfd.readouterr().out == ""


def test_our_macros_are_rendered(render: Any) -> None:
    assert render("{{ link('1a') }}, {{ link(record='1a', words='it') }}").count("1-plan/#1a") == 2


def test_nothing_that_is_no_macro_is_called_although_it_has_its_name() -> None:
    class Own(Environment):
        pass

    env: Any = Own(undefined=StrictUndefined)
    env.__class__ = CallsOnly
    env.globals.clear()
    with pytest.raises(SecurityError):
        env.from_string("{{ link('1a') }}").render(link=print)
    env.globals["link"] = str.upper
    assert env.from_string("{{ link('1a') }}").render() == "1A"


def test_the_settings_of_the_engine_are_ours(tmp_path: Path) -> None:
    del tmp_path
    env = CallsOnly()
    assert (env.block_start_string, env.variable_start_string, env.line_statement_prefix) == ("{%", "{{", None)
