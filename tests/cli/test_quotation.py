"""A quoted part of a record's text is found however it was copied, and only that part is replaced."""

from __future__ import annotations

import pytest

from macros.cli.suggest.quotation import MisfitError, Part, quoted_parts, replaced
from macros.rendering.edit_links import RecordText

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


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("EACH FIGURE COSTS A WORKER TIME", "Each figure costs a worker time."),
        ("“Each figure costs  a\nworker time.”", "Each figure costs a worker time."),
        ("> Each figure costs\n> a wor-\n> ker ti\u00adme.", "Each figure costs a worker time."),
        ("costs a worker time", "costs a worker time"),
        ("Providers learn that ‘returns go unread’ – and take less care", 'Providers learn that "returns go unread", and take less care.'),
        ("returns go unread", "returns go unread"),
        ('learn that "returns go unread', 'learn that "returns go unread"'),
        ("Each figure costs a worker...", WHY),
        ("tells more on", "tells [more](2f) on"),
        ("on outcomes", "on [[outcome|outcomes]]"),
        ("Each figure costs a worker time. Providers learn that returns go unread, and take less care.", WHY.rpartition("\n")[0]),
        ("• one thing that you use", "one thing that you use;"),
        ("data you will use", "data you will use"),
    ],
)
def test_a_part_is_found_however_it_was_copied(typed: str, found: str) -> None:
    assert one(typed).text == found


@pytest.mark.parametrize(
    "typed", ["", "...", "it", "fig", "Each number costs a worker time.", "Each fig...", "Providers learn that returns go..."]
)
def test_other_quotations_are_not_found(typed: str) -> None:
    assert quoted_parts(TEXTS, typed) == ()


def test_every_place_is_found_and_a_complete_text_comes_before_a_part() -> None:
    assert [part.wording.loc for part in quoted_parts(TEXTS, "use")] == [("title",), ("list",)]
    assert len(quoted_parts([TEXTS[1]._replace(text="One more. One more time.")], "one more")) == 2
    texts = [*TEXTS, TEXTS[0]._replace(loc=("ask",), text="Each figure costs a worker time.")]
    assert [part.wording.loc for part in quoted_parts(texts, "each figure costs a worker time")] == [("ask",)]


AFTER_FIRST = WHY.partition("\n")[2]


@pytest.mark.parametrize(
    ("quoted", "new", "text"),
    [
        ("each figure costs a worker time", "each figure costs time", "Each figure costs time.\n" + AFTER_FIRST),
        ("costs a worker time", "costs workers time.", "Each figure costs workers time.\n" + AFTER_FIRST),
        ("figure", "figure that is asked for", "Each figure that is asked for costs a worker time.\n" + AFTER_FIRST),
        ("“Each figure costs a worker time.”", "“What does each figure cost?”", "What does each figure cost?\n" + AFTER_FIRST),
        (
            "Each figure costs a worker time.",
            "Each figure costs:\n• a worker\n• time",
            "Each figure costs:\n\n- a worker\n- time\n\n" + AFTER_FIRST,
        ),
        ("Each figure costs a worker time.", "One.\n\nTwo.", "One.\n\nTwo.\n" + AFTER_FIRST),
        ("one thing that you use", "one thing that you will use", LIST.replace("you use;", "you will use;")),
        ("- another thing, too.", "- another thing, as well.", LIST.replace(", too", ", as well")),
        ("Then read it with care.", "Then read it.", LIST.replace(" with care", "")),
    ],
)
def test_only_the_quoted_part_is_replaced(quoted: str, new: str, text: str) -> None:
    assert replaced(one(quoted), new)[0] == text


@pytest.mark.parametrize("quoted", ["Each figure costs a worker time.", "a worker time"])
def test_sentences_that_the_new_text_repeats_are_replaced_too(quoted: str) -> None:
    new = WHY.replace("costs a worker time", "costs time").replace("\n", " ")
    text, part = replaced(one(quoted), new)
    assert (text, part.is_complete) == (new, True)


@pytest.mark.parametrize(
    ("quoted", "new", "wrong"),
    [
        ("costs a worker time", "It costs everybody who works there a great deal of time.", "only part of a sentence"),
        ("costs a worker", "costs:\n- a worker\n- a manager", "only part of a sentence"),
        ("one thing that you use;", "One thing.\n\nTwo things.", "or an item"),
        ("Ask only for data you will use", "- Ask\n- Use", "a list, where the record has room for one line"),
        ("costs a worker", '" "', "nothing is written"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(quoted: str, new: str, wrong: str) -> None:
    with pytest.raises(MisfitError, match=wrong):
        replaced(one(quoted), new)
