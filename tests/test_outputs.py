"""Outputs are values: a path and bytes, the same each time."""

from __future__ import annotations

from collections.abc import Callable

from macros.framework import Framework
from macros.outputs import outputs


def test_outputs_are_as_expected(small: Framework, expected: Callable[[str, str], None]) -> None:
    for output in outputs(small, "https://framework.testshire.gov.uk"):
        expected(f"site/{output.path}", output.content.decode())


def test_every_recommendation_has_a_short_address(small: Framework) -> None:
    assert [o.path for o in outputs(small, "")] == [f"{i}/index.html" for i in ("1a", "1b", "2a", "2b", "2c")]


def test_the_short_address_leads_to_the_recommendation_without_script(small: Framework) -> None:
    text = next(iter(outputs(small, "https://f.example/base"))).content.decode()
    assert '<meta http-equiv="refresh" content="0; url=../stages/1-plan/#1a">' in text
    assert '<link rel="canonical" href="https://f.example/base/stages/1-plan/#1a">' in text
    assert '<a href="../stages/1-plan/#1a">' in text
    assert "<script" not in text


def test_hostile_titles_are_escaped(small: Framework) -> None:
    text = [o.content.decode() for o in outputs(small, "")][1]
    assert "Ask openly &lt;for&gt; *ideas*" in text


def test_outputs_are_the_same_twice(real: Framework) -> None:
    assert list(outputs(real, "https://x.example/")) == list(outputs(real, "https://x.example/"))
