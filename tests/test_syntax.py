"""YAML's complaints are put in words for a person; an unknown one is passed on."""

from __future__ import annotations

import yaml

from macros.syntax import explain


def test_an_unknown_complaint_is_quoted() -> None:
    mark = yaml.Mark("a.yml", 0, 4, 2, None, 0)
    line, column, wrong, instead = explain(yaml.MarkedYAMLError(problem="something new", problem_mark=mark))
    assert (line, column) == (5, 3)
    assert "something new" in wrong
    assert "data/README.md" in instead


def test_a_complaint_without_a_place_is_put_at_the_start() -> None:
    assert explain(yaml.MarkedYAMLError(problem="found undefined tag handle"))[:2] == (1, 1)
