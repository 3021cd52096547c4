"""Test relative addresses, and what templates get from the models."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from macros.model.framework import Framework
from macros.model.records import Recommendation, Stage
from macros.rendering.environment import Renderer, relative, statement
from tests.conftest import cases


@pytest.mark.parametrize(("here", "target", "address"), cases("environment.addresses_are_relative"))
def test_addresses_are_relative(here: str, target: str, address: str) -> None:
    assert relative(here, target) == address


def test_the_kind_of_statement_comes_from_the_model(small: Framework) -> None:
    assert statement(small.get(Recommendation, "1a"), "says") == "report"
    assert statement(Recommendation, "why") == "advice"
    with pytest.raises(StopIteration):
        statement(Stage, "number")


def test_links_in_prose_are_resolved_from_the_page(small: Framework) -> None:
    renderer = Renderer(small, lambda: "stages/1-find-out/")
    assert (
        str(renderer.environment.filters["prose"]("[[outcome]] [x](https://a.example)"))
        == '<p><a class="term" href="../../glossary/#outcome">outcome</a> <a href="https://a.example">x</a></p>'
    )
    with pytest.raises(KeyError):
        renderer.environment.filters["inline"]("[x](nowhere)")


def test_an_undefined_name_in_a_template_is_an_error(small: Framework) -> None:
    with pytest.raises(UndefinedError):
        Renderer(small, lambda: "").render("pages/link.html.j2", words="x")
