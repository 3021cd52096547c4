"""The types of fields hold their limits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from macros.model.types import LONGEST, MOST_BRACKETS, Day, Edition, Line, Mail, Number, Prose, Question, Web, tangled, unwritten, words


def fault(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize("value", ["1", "28", "9999"])
def test_numbers_are_digits(value: str) -> None:
    assert TypeAdapter(Number).validate_python(value) == int(value)


@pytest.mark.parametrize("value", ["one", "1.0", "-1", "1_000", " 1", "0x1", "٣", ""])
def test_nothing_else_is_a_number(value: str) -> None:
    assert "whole number" in fault(Number, value)


@pytest.mark.parametrize("value", ["22 November 2026", "2026-13-01", "0000-01-01", "2026-1-1", "20261122", "2026-11-22T10:00"])
def test_a_day_is_one_of_the_calendar(value: str) -> None:
    assert "year-month-day" in fault(Day, value)


@pytest.mark.parametrize(
    ("value", "has"),
    [("2026-11-31", "November has 30 days"), ("2026-02-29", "February 2026 has 28 days"), ("2026-05-00", "May has 31 days")],
)
def test_a_day_that_its_month_has_not_is_told_so(value: str, has: str) -> None:
    assert fault(Day, value) == f"not a day: {has}; write the right day"


@pytest.mark.parametrize("value", ["https://a.example", "http://a.example/b?c=d#e", "https://www.a-b.gov.uk:8080/x"])
def test_web_addresses(value: str) -> None:
    assert TypeAdapter(Web).validate_python(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "www.a.example",
        "//a.example",
        "javascript:alert(1)",
        "data:x",
        "https://",
        "https://a",
        "https://a b.example",
        "https://u@a.example/",
        "https:\\\\a.example",
        "ftp://a.example",
    ],
)
def test_other_addresses_are_refused(value: str) -> None:
    assert "web address" in fault(Web, value)


def test_forms() -> None:
    assert "year and month" in fault(Edition, "2026")
    assert "mail address" in fault(Mail, "a b@c.example")
    assert "one line" in fault(Line, "a\nb")
    assert "end it with ?" in fault(Question, "Say so.")


def test_words_are_counted() -> None:
    check = words(2, 3).func
    assert check("a b") == "a b"  # type: ignore[call-arg]
    for text, said in [("a", "1 word; write 2 to 3"), ("a b c d", "4 words; write 2 to 3")]:
        with pytest.raises(Exception, match=said):
            check(text)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * (LONGEST + 1), "a paragraph of more than"),
        ("a\n" * LONGEST, "a paragraph of more than"),
        ("x\n\n" + "[" * (MOST_BRACKETS + 1), "square brackets"),
        ("- " * 7 + "x", "inside one another"),
        ("x\n" + ">" * 500, "inside one another"),
        ("1. - * > " * 100, "inside one another"),
        ("x\n" + " " * 40 + "- x", "inside one another"),
    ],
)
def test_what_markdown_cannot_bear_is_refused_before_it_is_read(text: str, said: str) -> None:
    found = tangled(text)
    assert found is not None
    assert said in found[1]
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Prose).validate_python(text)


def test_what_people_write_is_not_tangled() -> None:
    assert tangled("- a\n  - b\n\n---------\n\n> - c [d](e)\n\n" + "word " * 900 + "\n\n" + "\n" * 10_000) is None


@pytest.mark.parametrize(
    "text",
    [
        "Not yet named",
        "To be confirmed",
        "TBC",
        "tbd.",
        "[name of organisation]",
        "Example Council",
        "Your council",
        "The publisher",
        "-",
        "None",
    ],
)
def test_a_text_that_only_holds_a_place_is_known(text: str) -> None:
    assert unwritten(text)


@pytest.mark.parametrize(
    "text",
    [
        "Testshire Council",
        "Your Voice in Health",
        "The Publishers Association",
        "Nobody Left Behind CIC",
        "10 working days",
        "1 High Street",
    ],
)
def test_a_name_is_a_name(text: str) -> None:
    assert not unwritten(text)
