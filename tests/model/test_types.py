"""The types of fields accept valid text and refuse other text with a message."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from macros.model.records import Edition, Mail
from macros.model.types import MAX_TEXT, Day, Line, Number, Prose, Question, Web, is_placeholder, words


@pytest.mark.parametrize(
    ("type_", "typed", "message"),
    [
        *((Number, typed, "not a whole number") for typed in ("one", "1.0", "-1", "1_000", " 1", "0x1", "٣", "")),
        *((Day, typed, "not a date that we can read") for typed in ("22 November 2026", "2026-13-01", "2026-02-29", "20261122")),
        *((Web, typed, "not a web address") for typed in ("www.a.example", "//a.example", "javascript:alert(1)", "data:x", "https://")),
        *((Web, typed, "not a web address") for typed in ("https://a", "https://a b.example", "https://u@a.example/", "ftp://a.example")),
        (Edition, "2026", "year and month"),
        (Mail, "a b@c.example", "mail address"),
        (Line, "a\nb", "one line"),
        (Question, "Say so.", "end it with ?"),
        (Annotated[str, words(2, 3)], "a", "1 word; write 2 to 3"),
        (Annotated[str, words(2, 3)], "a b c d", "4 words; write 2 to 3"),
        (Prose, "a" * (MAX_TEXT + 1), "a paragraph of more than"),
        (Prose, "a\n" * MAX_TEXT, "a paragraph of more than"),
        *((Prose, typed, "nested") for typed in ("- " * 7 + "x", "x\n" + ">" * 500, "1. - * > " * 100, "x\n" + " " * 40 + "- x")),
    ],
)
def test_text_of_another_form_is_refused_with_a_message(type_: Any, typed: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TypeAdapter(type_).validate_python(typed)


@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        *((Number, typed) for typed in ("1", "28", "9999")),
        *((Web, typed) for typed in ("https://a.example", "http://a.example/b?c=d#e", "https://www.a-b.gov.uk:8080/x")),
        (Annotated[str, words(2, 3)], "a b"),
        (Prose, "- a\n  - b\n\n---------\n\n> - c [d](e)\n\n" + "word " * 900 + "\n\n" + "\n" * 10_000),
    ],
)
def test_other_text_is_accepted(type_: Any, typed: str) -> None:
    assert str(TypeAdapter(type_).validate_python(typed)) == typed


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *((text, True) for text in ("Not yet named", "To be confirmed", "tbd.", "[name of organisation]", "Example Council", "-", "None")),
        *((text, False) for text in ("Testshire Council", "Your Voice in Health", "The Publishers Association", "Nobody Left Behind CIC")),
    ],
)
def test_a_placeholder_is_recognised(text: str, is_one: bool) -> None:
    assert is_placeholder(text) is is_one
