"""Pasted text becomes Markdown; a quoted part of a record's text is found however it was copied, and only that part is replaced."""

from __future__ import annotations

import pytest

from macros.cli.suggest.quotation import MisfitError, Part, foreign, laid_out, quoted_parts, replaced
from macros.cli.suggest.yaml_edit import one_sentence_a_line
from macros.model.framework import Framework
from macros.rendering.edit_links import RecordText
from tests.conftest import cases


@pytest.mark.parametrize(("typed", "markdown"), cases("quotation.wrapped_lines_become_paragraphs"))
def test_wrapped_lines_become_paragraphs(typed: str, markdown: str) -> None:
    assert laid_out(typed) == laid_out(markdown) == markdown
    assert list(foreign(typed)) == []


@pytest.mark.parametrize("mark", ["-", "*", "•", "·", "–", "o", "▪", "\uf0b7"])
def test_each_bullet_makes_a_list(mark: str) -> None:
    markdown = laid_out(f"Ask for:\n{mark}\tone\n{mark}\tanother that\ngoes on\n{mark}  a third\n   Thing\nThen wait.")
    assert markdown == "Ask for:\n\n- one\n- another that goes on\n- a third Thing\n\nThen wait."


@pytest.mark.parametrize("marks", ["1. 2. 3.", "1) 2) 3)", "(a) (b) (c)", "i. ii. iii."])
def test_each_kind_of_number_makes_a_list(marks: str) -> None:
    first, second, third = marks.split()
    assert laid_out(f"{first} one\n\n{second} two\n{third} three\n\nThen wait.") == "1. one\n2. two\n3. three\n\nThen wait."


def test_lists_follow_each_other_and_inner_items_join_the_outer_list() -> None:
    assert laid_out("One:\n* a\n* b\nTwo:\n* c\n* d\nEnd.") == "One:\n\n- a\n- b\n\nTwo:\n\n- c\n- d\n\nEnd."
    assert laid_out("•\tone\no\tinner\no\tinner too\n•\ttwo") == "- one\n- inner\n- inner too\n- two"


@pytest.mark.parametrize(("text", "wrong"), cases("quotation.markup_that_does_not_work_in_a_record_is_named"))
def test_markup_that_does_not_work_in_a_record_is_named(text: str, wrong: str) -> None:
    ((found, instead),) = set(foreign(text))
    assert found == wrong
    assert instead


def test_the_texts_of_our_records_change_only_in_line_breaks(real: Framework) -> None:
    assert real.prose
    for _, loc, text in real.prose:
        assert list(foreign(text)) == [] or loc[0] == "parts", "a template has blanks"
        assert one_sentence_a_line(laid_out(text)).split() == text.split()


WHY = """\
Each figure costs a worker time.
Providers learn that "returns go unread", and take less care.
A short return tells [more](2f) on [[outcome|outcomes]]."""
LIST = "Ask for:\n\n- one thing that you use;\n- another thing, too.\n\nThen read it with care."
TEXTS = [
    RecordText(("title",), "Ask only for data you will use", prose=False, statement=None),
    RecordText(("why",), WHY, prose=True, statement=None),
    RecordText(("list",), LIST, prose=True, statement=None),
]


def one(typed: str) -> Part:
    (part,) = quoted_parts(TEXTS, typed)
    return part


@pytest.mark.parametrize(("typed", "found"), cases("quotation.a_part_is_found_however_it_was_copied"))
def test_a_part_is_found_however_it_was_copied(typed: str, found: str) -> None:
    assert one(typed).text == found


@pytest.mark.parametrize(
    "typed", ["", "...", "it", "fig", "Each number costs a worker time.", "Each fig [cut to fit the link]", "Each figure costs a worker..."]
)
def test_other_quotations_are_not_found(typed: str) -> None:
    assert quoted_parts(TEXTS, typed) == ()


def test_every_place_is_found_and_a_complete_text_comes_before_a_part() -> None:
    assert [part.wording.loc for part in quoted_parts(TEXTS, "use")] == [("title",), ("list",)]
    assert len(quoted_parts([TEXTS[1]._replace(text="One more. One more time.")], "one more")) == 2
    texts = [*TEXTS, TEXTS[0]._replace(loc=("ask",), text="Each figure costs a worker time.")]
    assert [part.wording.loc for part in quoted_parts(texts, "each figure costs a worker time")] == [("ask",)]


@pytest.mark.parametrize(("quoted", "new", "text"), cases("quotation.only_the_quoted_part_is_replaced"))
def test_only_the_quoted_part_is_replaced(quoted: str, new: str, text: str) -> None:
    assert replaced(one(quoted), new) == text


@pytest.mark.parametrize(("quoted", "new", "wrong"), cases("quotation.a_text_that_does_not_fit_is_refused"))
def test_a_text_that_does_not_fit_is_refused(quoted: str, new: str, wrong: str) -> None:
    with pytest.raises(MisfitError, match=wrong):
        replaced(one(quoted), new)
