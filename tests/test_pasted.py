"""Lists of a word processor become lists; headings, tables and mails are named; plain words are left alone."""

from __future__ import annotations

import time

import pytest

from macros.framework import Framework
from macros.pasted import foreign, is_list, laid_out, pasted, vocabulary
from macros.splice import one_sentence_a_line


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("Ask for:\n•\tone thing.\n•\tanother.", "Ask for:\n\n- one thing.\n- another."),
        ("• one\n• two\nAfter it.", "- one\n- two\n\nAfter it."),
        ("\uf0b7\tone\n\uf0b7 two", "- one\n- two"),
        ("One:\r\no\tone\r\no\ttwo", "One:\n\n- one\n- two"),
        ("· one\n·two", "- one\n- two"),
        ("▪ one\n▪ two", "- one\n- two"),
        ("* one\n* two", "- one\n- two"),
        ("o one\no two", "- one\n- two"),
        ("– one\n– two", "- one\n- two"),
        ("A pause\n– so it seems – is no list.", "A pause – so it seems – is no list."),
        ("Steps:\n1.\tone\n2.\ttwo", "Steps:\n\n1. one\n2. two"),
        ("(1) one\n(2) two", "1. one\n2. two"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("One:\n- a\n  goes on\n- b", "One:\n\n- a goes on\n- b"),
        ("One.\nTwo.\n\nThree.", "One.\nTwo.\n\nThree."),
        ("In 2017. The year\n12 people", "In 2017. The year 12 people"),
        ("(a) one\n(b) two", "1. one\n2. two"),
        ("a) one\nb) two\nc) three", "1. one\n2. two\n3. three"),
        ("i. one\nii. two\niii. three\niv. four\nv. five", "1. one\n2. two\n3. three\n4. four\n5. five"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("Say:\n- One.\n- Two.\nThen wait.", "Say:\n\n- One.\n- Two.\n\nThen wait."),
        ("Say:\n\n• one\n\n• two\n\nThen wait.", "Say:\n\n- one\n- two\n\nThen wait."),
        ("• one that\ngoes on\n• two", "- one that goes on\n- two"),
        ("• one for the\nNHS\n• two", "- one for the NHS\n- two"),
        ("•\none\n•\ntwo", "- one\n- two"),
        ("→ one\n→ two", "- one\n- two"),
        ("✔\ufe0f one\n✔\ufe0f two", "- one\n- two"),
        ("1.one\n2.two", "1. one\n2. two"),
        ("A. one\nB. two", "1. one\n2. two"),
        ("One:\n* a\n* b\nTwo:\n* c\n* d\nEnd.", "One:\n\n- a\n- b\n\nTwo:\n\n- c\n- d\n\nEnd."),
        ("•\tone\no\tinner\no\tinner too\n•\ttwo", "- one\n    - inner\n    - inner too\n- two"),
        ("- one\n  - inner\n    - deep\n- two", "- one\n    - inner\n        - deep\n- two"),
        ("1. one\n\t(a) inner\n\t(b) inner too\n2. two", "1. one\n    1. inner\n    2. inner too\n2. two"),
        ("    • one\n    • two\n    Then wait.", "- one\n- two\n\nThen wait."),
    ],
)
def test_a_list_is_laid_out(typed: str, made: str) -> None:
    assert laid_out(typed) == made
    assert laid_out(made) == made
    assert is_list(made) == (made.count("\n- ") + made.startswith("- ") > 1 or "1. " in made or "3. " in made)


SOME_WORDS = vocabulary(
    ["Providers in the East of Hertfordshire give support, cost is front-line, well-being, co-design, effective recommendation."]
)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("It costs support workers in\nHertfordshire time with people.", "It costs support workers in Hertfordshire time with people."),
        ("It costs support workers of\n\nHertfordshire time with people.", "It costs support workers of Hertfordshire time with people."),
        ("It costs what officers at East\nHertfordshire can spare.", "It costs what officers at East Hertfordshire can spare."),
        ("It costs the\nNHS\ntime with people.", "It costs the NHS time with people."),
        ("They learn that in\n2016. Nobody read it.", "They learn that in 2016. Nobody read it."),
        ("They learn that in\n12. Nobody read it.", "They learn that in 12. Nobody read it."),
        ("2016. Nobody read it.", "2016\\. Nobody read it."),
        ("They had\n2026 was the year.", "They had 2026 was the year."),
        ("They ask\n- it seems - for less.", "They ask - it seems - for less."),
        ("They ask for numbers\n# of people and\n+ their ages.", "They ask for numbers # of people and + their ages."),
        ("They ask for\n> 5 people.", "They ask for > 5 people."),
        ("> It costs support\n> workers time.", "It costs support workers time."),
        (
            "It costs a lot, said\n\nproviders, but not\n\nenough. They agreed.",
            "It costs a lot, said providers, but not enough. They agreed.",
        ),
        ("A share of more than 5 > 3 > 2 # is left.", "A share of more than 5 > 3 > 2 # is left."),
        (
            "They say that the\nVoluntary and Community\nSector should\nlead this work, as\nit can. The Act\nProviders know is new.",
            "They say that the Voluntary and Community Sector should lead this work, as it can. The Act Providers know is new.",
        ),
        ("One.\nTwo.\n\nThree.", "One.\nTwo.\n\nThree."),
        ("A recom-\nmendation.", "A recommendation."),
        ("It is cost-\neffective.", "It is cost-effective."),
        ("The front-\nline staff.", "The front-line staff."),
        ("A co-\nproduced plan.", "A co-produced plan."),
        ("A short-\nor long-term plan.", "A short- or long-term plan."),
        ("In 2017-\n18 they met.", "In 2017-18 they met."),
        ("A recom\u00admen\u00ad\ndation.", "A recommendation."),
        ("A\u200b plan\u00a0of\ufeff the \u201coﬃcer\u201d.", 'A plan of the "officer".'),
        ("It goes\nPage 3 of 12\non here.", "It goes on here."),
        ("It goes on.\n\n12\n\fHere it ends.", "It goes on.\nHere it ends."),
        ("It goes on to\n\n12\n\nhere.", "It goes on to here."),
    ],
)
def test_lines_that_were_wrapped_are_joined(typed: str, made: str) -> None:
    assert laid_out(typed, SOME_WORDS) == made
    assert foreign(typed, SOME_WORDS) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("## Why\n\nIt helps.", ["a line that begins with #, the mark of a heading"]),
        ("Better data\nAsk only for what you use.", ['a line that looks like a heading ("Better data")']),
        ("Better data\n\nAsk only for what you use.", ['a line that looks like a heading ("Better data")']),
        ("It helps.\n\nWhat to do\n• Ask.\n• Wait.", ['a line that looks like a heading ("What to do")']),
        ("| a | b |\n| --- | --- |\n| c | d |", ["a table"]),
        ("Stage\tWho\nPlan\tCouncil", ["a table (its cells stand between tabs)"]),
        ("It helps.\n\n12\n\nIt works.", ['a line that looks like the number of a page ("12")']),
        ("Title\n=====\n\nIt helps.", ["a line of = or _ or *"]),
        (
            "It is a text that has more words than any heading would ever get\nIt helps.",
            ['a line without a full stop at its end ("...a text that has more words than any heading would ever get")'],
        ),
        ("It helps.\n\nKind regards,\nJo", ["the end of a mail"]),
        ("It helps.\n-- \nJo Bloggs", ["the end of a mail"]),
        ("It helps.\nThanks!\nJo", ["the end of a mail"]),
        ("It helps.\n\nSent from my phone", ["the end of a mail"]),
        ("Yours sincerely", ["the end of a mail"]),
        ("Dear colleague,\n\nIt helps.", ["the greeting of a mail"]),
        ("Hi all\nIt helps.", ["the greeting of a mail"]),
        ("From: Jo\nSubject: 2f\n\nIt helps.", ["the head of a mail"]),
    ],
)
def test_what_no_text_holds_is_named(text: str, named: list[str]) -> None:
    assert [wrong for wrong, _ in foreign(text)] == named
    assert all(instead for _, instead in foreign(text))


def test_every_text_of_a_record_passes_as_it_is(real: Framework) -> None:
    assert len(real.prose) > 500
    known = vocabulary(text for _, _, text in real.prose)
    for _, _, text in real.prose:
        assert foreign(text, known) == ()
        assert one_sentence_a_line(laid_out(text, known)) == one_sentence_a_line(text)


def test_a_list_that_loses_its_letters_is_for_the_maintainer() -> None:
    assert pasted("(a) one\n(b) two").notes == (
        "A list with letters has been given numbers. Check that nothing refers to one of the letters.",
    )
    assert pasted("1. one\n2. two").notes == ()


def test_words_without_records_are_joined_all_the_same() -> None:
    assert laid_out("A recom-\nmendation.") == "A recommendation."


def test_a_stop_that_lacks_is_said_once() -> None:
    for named in ("You should\n• ask.", "Better data\n\nIt helps.", "It helps.\n\nMany thanks\nJo", "A\tB\nC\tD", "<p>It helps.</p>"):
        assert not pasted(named).lacks_stop, named
    assert pasted("Better data\n\nIt helps.\n\nSo it is").lacks_stop
    assert pasted("It helps").lacks_stop


@pytest.mark.parametrize(
    "text",
    ["a" * 65_000, "a\n" * 30_000, "1. a\n" * 15_000, "- a\n" * 15_000, "A.\n" * 20_000, "a-\n" * 20_000, "> " * 30_000, "a\tb " * 12_000],
)
def test_a_text_of_any_length_is_laid_out_in_a_moment(text: str) -> None:
    began = time.process_time()
    pasted(text)
    assert time.process_time() - began < 3
