"""Words that somebody quotes are found in the texts of a record, however they were copied, and replaced where they stand."""

from __future__ import annotations

import pytest

from macros.pasted import NO_WORDS
from macros.quoted import MisfitError, Part, find, replaced
from macros.ways import Wording

WHY = """\
Each figure costs a worker time.
Providers learn that "returns go unread", and take less care.
A short return tells [more](2f) on [[outcome|outcomes]]."""
LIST = "Ask for:\n\n- one thing that you use;\n- another thing, too.\n\nThen read it with care."
TEXTS = [
    Wording(("title",), "Ask only for data you will use", prose=False, statement=None),
    Wording(("why",), WHY, prose=True, statement=None),
    Wording(("list",), LIST, prose=True, statement=None),
]


def one(typed: str) -> Part:
    (part,) = find(TEXTS, typed)
    return part


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Each figure costs a worker time.", "Each figure costs a worker time."),
        ("EACH FIGURE COSTS A WORKER TIME", "Each figure costs a worker time."),
        ("each figure costs  a\nworker time", "Each figure costs a worker time."),
        ("“Each figure costs a worker time.”", "Each figure costs a worker time."),
        ("> Each figure costs\n> a worker time.", "Each figure costs a worker time."),
        ("Each figure costs a wor-\nker time.", "Each figure costs a worker time."),
        ("Each\u00a0figure costs a wor\u00adker time.", "Each figure costs a worker time."),
        ("costs a worker time", "costs a worker time"),
        ("figure", "figure"),
        ("Providers learn that ‘returns go unread’ – and take less care", 'Providers learn that "returns go unread", and take less care.'),
        ("returns go unread", "returns go unread"),
        ("Each figure ... take less care.", WHY.rpartition("\n")[0]),
        ("Providers learn that returns go...", 'Providers learn that "returns go unread", and take less care.'),
        ("...unread, and take less care", 'Providers learn that "returns go unread", and take less care.'),
        ("Each figure costs a worker […]", WHY),
        ("A short return tells more on outcomes.", "A short return tells [more](2f) on [[outcome|outcomes]]."),
        ("tells more on", "tells [more](2f) on"),
        ("Each figure costs a worker time. Providers learn that returns go unread, and take less care.", WHY.rpartition("\n")[0]),
        ("• one thing that you use", "one thing that you use;"),
        ("data you will use", "data you will use"),
        ("Then read it, with care", "Then read it with care."),
    ],
)
def test_a_part_is_found_however_it_was_copied(typed: str, found: str) -> None:
    assert one(typed).text == found


@pytest.mark.parametrize(
    "typed", ["", "...", "it", "fig", "Each number costs a worker time.", "Each ... zebra is here and there", "worker time. A short"]
)
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert find(TEXTS, typed) == ()


def test_every_place_is_found() -> None:
    assert [part.wording.loc for part in find(TEXTS, "use")] == [("title",), ("list",)]
    assert len(find([TEXTS[1]._replace(text="One more. One more time.")], "one more")) == 2


def test_a_whole_text_comes_before_a_part() -> None:
    assert [
        part.whole
        for part in find(
            [*TEXTS, TEXTS[0]._replace(loc=("ask",), text="Each figure costs a worker time.")], "each figure costs a worker time"
        )
    ] == [True]


@pytest.mark.parametrize(
    ("quoted", "new", "made"),
    [
        ("Each figure costs a worker time.", "Each figure costs time.", "Each figure costs time.\n"),
        ("each figure costs a worker time", "each figure costs time", "Each figure costs time.\n"),
        ("costs a worker time", "costs workers time", "Each figure costs workers time.\n"),
        ("costs a worker time", "costs workers time.", "Each figure costs workers time.\n"),
        ("Each figure", "Every figure.", "Every figure costs a worker time.\n"),
        ("Figure", "Figure that is asked for", "Each figure that is asked for costs a worker time.\n"),
        ("“Each figure costs a worker time.”", "“Each figure costs time.”", "Each figure costs time.\n"),
        ("figure", "Each number costs a worker time.", "Each number costs a worker time.\n"),
        ("Each figure costs a worker time.", "Each figure costs:\n• a worker\n• time", "Each figure costs:\n\n- a worker\n- time\n\n"),
        ("Each figure costs a worker time.", "One.\n\nTwo.", "One.\n\nTwo.\n"),
    ],
)
def test_only_the_part_is_replaced(quoted: str, new: str, made: str) -> None:
    assert replaced(one(quoted), quoted, new, NO_WORDS)[0] == made + WHY.partition("\n")[2]


def test_a_new_text_that_repeats_the_rest_replaces_it() -> None:
    new = WHY.replace("costs a worker time", "costs time")
    made, part = replaced(one("Each figure costs a worker time."), "Each figure costs a worker time.", new, NO_WORDS)
    assert (made, part.whole) == (new, True)
    two = "Each figure costs time. Providers learn that returns go unread, and take less care."
    assert replaced(one("Each figure costs a worker time."), "", two, NO_WORDS)[0] == f"{two}\n{WHY.rpartition(chr(10))[2]}"


@pytest.mark.parametrize(
    ("quoted", "new", "made"),
    [
        ("one thing that you use", "one thing that you will use", LIST.replace("you use;", "you will use;")),
        ("- another thing, too.", "- another thing, as well.", LIST.replace(", too", ", as well")),
        (
            "another thing, too.",
            "• a second thing\n• a third thing",
            LIST.replace("another thing, too.", "a second thing\n- a third thing"),
        ),
        ("Then read it with care.", "Then read it.", LIST.replace(" with care", "")),
    ],
)
def test_an_item_stays_an_item(quoted: str, new: str, made: str) -> None:
    assert replaced(one(quoted), quoted, new, NO_WORDS)[0] == made


@pytest.mark.parametrize(
    ("quoted", "new"),
    [
        ("costs a worker time", "It costs everybody who works there a great deal of time."),
        ("costs a worker", "costs:\n- a worker\n- a manager"),
        ("one thing", "- one thing\n- two things"),
        ("one thing that you use;", "One thing.\n\nTwo things."),
    ],
)
def test_what_cannot_stand_there_is_refused(quoted: str, new: str) -> None:
    with pytest.raises(MisfitError) as error:
        replaced(one(quoted), quoted, new, NO_WORDS)
    assert error.value.wrong
    assert error.value.instead
