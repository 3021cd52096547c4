"""A record's cells can be opened in a spreadsheet: plain, flat and safe."""

from __future__ import annotations

from typing import Any

import pytest

from macros.model.base import Part
from macros.model.core import Principle, Recommendation, Term
from macros.model.framework import Framework
from macros.model.supporting import Criterion
from macros.outputs.cells import cell, columns, safe

NOTHING: frozenset[str] = frozenset()


def row(part: Part) -> dict[str, str]:
    return {name: cell(part, column) for name, column in columns(type(part), NOTHING).items()}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "2+2=5", "a = b", "1-2", "• one", "'=1", "1a", "https://a.example/?a=b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_a_recommendation_is_one_flat_row(small: Framework) -> None:
    record = small.get(Recommendation, "1a")
    found = row(record)
    assert found["letter"] == "a"
    assert found["values"] == "; ".join(record.values)
    lines = found["do"].split("\n")
    assert len(lines) == len(record.do)
    assert lines[0].startswith(", ".join(record.do[0].audience) + ": ")
    assert found["ask"].split("\n")[0] == record.ask[0]
    assert found["withdrawn.reason"] == ""
    gone = row(small.get(Recommendation, "2c"))
    assert (gone["withdrawn.edition"], gone["withdrawn.reason"], gone["withdrawn.instead"]) == ("2026-11", "It said too little.", "2b")


def test_a_group_that_stands_alone_has_a_column_for_each_field(small: Framework) -> None:
    found = row(small.get(Criterion, "author"))
    assert [name for name in found if name.startswith("brighton_hove")] == [
        "brighton_hove.says",
        "brighton_hove.recommendations",
        "brighton_hove.points",
        "brighton_hove.sources",
    ]
    assert found["brighton_hove.says"] == ""


def test_a_group_in_a_list_is_one_line_without_what_is_empty(small: Framework) -> None:
    record = small.get(Principle, "1-fairness")
    first = row(record)["undertakings"].split("\n")[0]
    undertaking = record.undertakings[0]
    assert first.startswith(f"{undertaking.number}: {undertaking.side}: {undertaking.promise}")


def test_what_is_left_out_has_no_column() -> None:
    assert "search" in columns(Recommendation, NOTHING)
    assert "search" not in columns(Recommendation, frozenset({"search"}))


def test_hostile_text_is_plain_and_stays_in_its_line(small: Framework) -> None:
    hostile: dict[str, Any] = {"meaning": '=HYPERLINK("https://a.example")\nand *so* on, [[outcome|"x"]]', "also": ("a\u2028b", "-x; y")}
    found = row(small.get(Term, "outcome").model_copy(update=hostile))
    assert found["meaning"] == '=HYPERLINK("https://a.example") and so on, "x"'
    assert safe(found["meaning"])[0] == "'"
    assert found["also"] == "a b; -x; y"
