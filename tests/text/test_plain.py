"""Prose as plain text has all its words and none of its marks."""

from __future__ import annotations

import re

import pytest

from macros.model.framework import Framework
from macros.text.inline_markdown import plain


@pytest.mark.parametrize(
    ("prose", "text"),
    [
        ("One.\nTwo.", "One. Two."),
        ("One.\n\nTwo.", "One.\nTwo."),
        ("An [[outcome]] or [[best-value|better value]].", "An outcome or better value."),
        ("See [the list](2f).", "See the list."),
        ("See [the act](https://a.example/x).", "See the act (https://a.example/x)."),
        ("See <https://a.example/x>.", "See https://a.example/x."),
        ("*Never* `code` **this**.", "Never code this."),
        ("Do:\n\n- one\n- two [[outcome]]\n\nDone.", "Do:\n• one\n• two outcome\nDone."),
        ("1. one\n2. two", "1. one\n2. two"),
        ("- one\n\n    more of it\n\n- two", "• one\nmore of it\n• two"),
        ("a < b & c > d, <b>no</b> \\*", "a < b & c > d, <b>no</b> *"),
        ("=1+1", "=1+1"),
        ("", ""),
    ],
)
def test_marks_go_and_words_stay(prose: str, text: str) -> None:
    assert plain(prose) == text


def test_no_prose_of_ours_keeps_a_mark(real: Framework) -> None:
    for _, _, text in real.prose:
        assert not re.search(r"\[\[|\]\(|\*\*", plain(text)), text
        assert re.findall(r"\w+", plain(text))
