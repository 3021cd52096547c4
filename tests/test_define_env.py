"""define_env gives pages our macros and nothing else, to any engine that calls it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import SecurityError, UndefinedError

import macros
from macros.problem import InvalidDataError

ATTACKS = [
    "{{ cycler.__init__ }}",
    "{{ config.project_dir }}",
    "{{ range(3) }}",
    "{{ lipsum() }}",
    "{{ page.x.y }}",
    "{{ link.__func__ }}",
    "{{ link.__self__ }}",
    "{{ nothing }}",
]


class Engine:
    """What mkdocs-macros hands to define_env, as far as we use it."""

    def __init__(self, root: Path, **extra: Any) -> None:
        self.project_dir = str(root)
        self.conf = {"extra": extra, "site_url": "https://f.testshire.gov.uk/", "site_name": "Small framework"}
        self.macros: dict[str, Any] = {"theirs": print}
        self.variables: dict[str, Any] = {"config": self, "page": self}
        self.page = SimpleNamespace(url="values/")
        self.env = Environment(loader=None, autoescape=True, undefined=StrictUndefined)
        self.env.globals.update(self.macros)

    def macro(self, function: Any, name: str) -> None:
        self.macros[name] = function


def test_our_macros_and_no_others(project: Path) -> None:
    engine = Engine(project)
    macros.define_env(engine)
    assert "theirs" not in engine.macros
    assert engine.macros["link"]("1a") == '<a href="../stages/1-plan/#1a">1a. Ask early for ideas</a>'


def test_bad_data_is_an_error_unless_it_is_shown(project: Path) -> None:
    (project / "data/values/trust.yml").write_text("x")
    with pytest.raises(InvalidDataError):
        macros.define_env(Engine(project))
    engine = Engine(project, problems_shown=True)
    macros.define_env(engine)
    assert engine.macros == {}


def test_a_page_reaches_nothing_but_our_macros(project: Path) -> None:
    engine = Engine(project)
    macros.define_env(engine)
    macros.on_pre_page_macros(engine)

    def render(text: str) -> str:
        return engine.env.from_string(text).render(**engine.variables)

    assert "1a. Ask early" in render('{{ link("1a") }}')
    for attack in ATTACKS:
        with pytest.raises((UndefinedError, SecurityError)):
            render(attack)
    for attack in ("{{ 'a' | upper }}", "{% include 'x' %}"):
        with pytest.raises(Exception, match=r"(?i)filter|loader|include"):
            render(attack)
