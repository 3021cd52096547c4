"""The dialect keeps targets as typed; what is shown is in test_markup.py."""

from __future__ import annotations

from macros.text.inline_markdown import html_of


def test_targets_are_kept_as_typed() -> None:
    assert html_of("[a](2f) and [[outcome]]") == '<p><a href="2f">a</a> and <a class="term" href="term/outcome">outcome</a></p>'


def test_code_is_left_alone() -> None:
    assert html_of("`[[outcome]]`") == "<p><code>[[outcome]]</code></p>"


def test_one_text_leaves_nothing_behind_for_the_next() -> None:
    html_of("[a]: https://a.example")
    assert html_of("[x][a]") == "<p>[x][a]</p>"
