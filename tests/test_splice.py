"""One text of a file is replaced, and every other character stays."""

from __future__ import annotations

from typing import Any

import pytest

from macros.fields import Text
from macros.framework import Framework
from macros.source import Loc, parse
from macros.splice import SpliceError, one_sentence_a_line, splice

from .conftest import REAL

RECORD = """\
# A record with all that an editor might lose.
title: Output    # what is done
also: [outputs, 'the "work"', "one: two"]   # other names
meaning: |-   # the meaning
  What is made or done.
  It is counted.

# between
do:
- audience: [commissioner]
  step: >
      Ask
      early.
    # less indented: a comment
- |-
  Bare text.
- {step: flow, other: 'it''s'}
empty: |-
numbered: |2-
    two spaces more
  and none
since: 2017
web: "https://example.org/#part"
last: |+
  The end.
"""

LOCS: list[Loc] = [
    ("title",),
    ("also", 0),
    ("also", 1),
    ("also", 2),
    ("meaning",),
    ("do", 0, "audience", 0),
    ("do", 0, "step"),
    ("do", 1),
    ("do", 2, "step"),
    ("do", 2, "other"),
    ("empty",),
    ("numbered",),
    ("since",),
    ("web",),
    ("last",),
]

HOSTILE = [
    "plain words",
    "It's \"quoted\", 'twice' and “curly”.",
    "a colon: and a space",
    "a comment # or not",
    "- a dash first",
    "---",
    "--- a head",
    "One.\n---\nTwo.",
    "...",
    "a\ttab",
    "\ttab first",
    "no",
    "1.10",
    "2017-02-31",
    "=",
    "~",
    "null",
    "[[outcome]]",
    "[words](2f)",
    "{{ macro() }}",
    "{a: b}",
    "* star",
    "&anchor",
    "!tag",
    "%percent",
    "@name",
    "`code` here. `More code. Here` too.",
    "| pipe",
    "? question",
    "emoji 😀 and é and £",
    "back\\slash \\n",
    "trailing spaces   \nand more   ",
    "   spaces first\n      and more\n   less",
    "\n\nlines before\n\n\n\nand after\n\n",
    "Windows\r\nline ends.\r\n",
    "A list:\n\n- one. Two.\n- two\n  goes on. Here.\n\nAfter it. 3. Four.",
    "key: value\nother: value\nkey: again",
    "comma, ] and } close",
    "ends with a colon:",
    "word " * 900 + "end.",
    "Sentence one. " * 300,
]


def values(text: str) -> Any:
    document = parse(text.replace("\r\n", "\n"), "a.yml")
    assert document.problems == ()
    return document.value


def leaves(value: Any, loc: Loc = ()) -> dict[Loc, str]:
    if isinstance(value, str):
        return {loc: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {at: text for key, inner in items for at, text in leaves(inner, (*loc, key)).items()}


def comments(text: str) -> list[str]:
    """Return every comment of RECORD that `text` still holds."""
    return [c for c in ("# A record", "# what is done", "# other names", "# the meaning", "# between", "# less indented") if c in text]


def only_changed(before: str, after: str, loc: Loc, new: str) -> None:
    old, made = leaves(values(before)), leaves(values(after))
    assert list(made) == list(old)
    assert {at for at in old if made[at] != old[at]} == {loc}
    assert made[loc].split() == new.split()


@pytest.mark.parametrize("loc", LOCS, ids=str)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_any_text_can_stand_anywhere(loc: Loc, line_end: str) -> None:
    before = RECORD.replace("\n", line_end)
    for new in HOSTILE:
        after = splice(before, loc, new)
        only_changed(before, after, loc, new)
        assert len(comments(after)) == 6
        assert after.count("\r\n") == (after.count("\n") if line_end == "\r\n" else 0)
        assert not any(line.endswith((" ", "\t")) for line in after.splitlines())


@pytest.mark.parametrize("loc", LOCS, ids=str)
def test_everything_before_and_behind_stays(loc: Loc) -> None:
    after = splice(RECORD, loc, "A new text")
    lines, made = RECORD.split("\n"), after.split("\n")
    same = next(n for n in range(len(lines)) if lines[n] != made[n])
    left = len(lines) - same
    behind = next(n for n in range(1, left + 1) if n == left or lines[-n] != made[-n])
    assert left - behind < 3, "no more than the lines of the text have changed"


def test_the_way_of_writing_stays() -> None:
    assert "title: Outcome    # what is done" in splice(RECORD, ("title",), "Outcome")
    assert "'it''s \"so\"'" in splice(RECORD, ("do", 2, "other"), 'it\'s "so"')
    assert 'web: "https://example.org/"' in splice(RECORD, ("web",), "https://example.org/")
    assert "meaning: |-   # the meaning\n  One.\n  Two.\n\n# between" in splice(RECORD, ("meaning",), "One. Two.")
    assert "step: |-\n      One.\n      Two.\n    # less" in splice(RECORD, ("do", 0, "step"), "One. Two.")
    assert "empty: |-\n  Now full.\nnumbered" in splice(RECORD, ("empty",), "Now full.")
    assert splice(RECORD, ("last",), "One. Two.").endswith("last: |-\n  One.\n  Two.\n")


def test_what_another_reader_would_misread_gets_quotes() -> None:
    for said in ("no", "1.10", "2017-04-01", "2017-02-31", "=", "null", "12:30"):
        assert f'title: "{said}"    #' in splice(RECORD, ("title",), said)


def test_several_lines_become_a_block_where_one_can_stand() -> None:
    assert "since: |-\n  One.\n\n  Two.\nweb" in splice(RECORD, ("since",), "One.\n\nTwo.")
    assert r'[outputs, "One.\n\nTwo.", "one: two"]' in splice(RECORD, ("also", 1), "One.\n\nTwo.")


def test_a_file_without_a_last_line_end_keeps_none() -> None:
    assert splice("a: |-\n  One.", ("a",), "Two. Three.") == "a: |-\n  Two.\n  Three."
    assert splice("a: one", ("a",), "two") == "a: two"
    assert splice("a: |-", ("a",), "two") == "a: |-\n  two"


@pytest.mark.parametrize("loc", [("nowhere",), (), ("do",), ("do", 9), ("title", 0, 0), ("do", "x")], ids=str)
def test_where_no_text_is_nothing_is_put(loc: Loc) -> None:
    with pytest.raises(SpliceError):
        splice(RECORD, loc, "new")


@pytest.mark.parametrize("new", ["", " \n\t", "a\0b", "a\x07b", "- item\u2028line", "- item\x85line", "\ufeffmark\ufffe"])
def test_what_cannot_be_kept_is_refused(new: str) -> None:
    with pytest.raises(SpliceError):
        splice(RECORD, ("meaning",), new)


def test_a_file_that_cannot_be_read_is_refused() -> None:
    for text in ("", "a: [", "a: b\n---\na: c\n"):
        with pytest.raises(SpliceError):
            splice(text, ("a",), "new")


@pytest.mark.sweep
@pytest.mark.costly
def test_every_text_of_every_record_can_be_replaced_alone(real: Framework) -> None:
    tried = 0
    for key, held in real.index.leaves.items():
        path = real.documents[key].path
        before = (REAL / path).read_bytes().decode()
        texts = [
            leaf
            for leaf in held
            if any(isinstance(mark, Text) for mark in leaf.marks) and (leaf.loc[0] != "search" or leaf.loc == ("search", 0))
        ]
        for leaf in texts[:: 100 if len(texts) > 500 else 1]:  # the list of words is long, and each of its entries like the next
            assert splice(before, leaf.loc, leaf.value) == before
            probe = "A probe: it's #1. Then a second sentence."
            after = splice(before, leaf.loc, probe)
            only_changed(before, after, leaf.loc, probe)
            tried += 1
    assert tried > 2_000


@pytest.mark.costly
def test_one_changed_word_is_one_changed_line(real: Framework) -> None:
    changed = 0
    for key, loc, text in real.prose:
        if one_sentence_a_line(text) == text and loc in real.documents[key].blocks:
            before = (REAL / real.documents[key].path).read_text("utf-8")
            lines = text.split("\n")
            after = splice(before, loc, " ".join([*lines[:-1], lines[-1].replace(" ", " really ", 1)]) if "\n\n" not in text else text)
            differing = [n for n, (a, b) in enumerate(zip(before.split("\n"), after.split("\n"), strict=True)) if a != b]
            assert len(differing) == ("\n\n" not in text)
            changed += len(differing)
    assert changed > 900


@pytest.mark.parametrize("text", HOSTILE)
def test_sentences_are_set_out_once_and_for_all(text: str) -> None:
    made = one_sentence_a_line(text)
    assert made.split() == text.split()
    assert one_sentence_a_line(made) == made


def test_each_sentence_gets_its_line_and_items_keep_theirs() -> None:
    assert one_sentence_a_line("It costs £1.5m, i.e. a lot. *Ask* first. [[outcome|Outcomes]] count.\nDr. Smith\nsaid.") == (
        "It costs £1.5m, i.e. a lot.\n*Ask* first.\n[[outcome|Outcomes]] count.\nDr. Smith said."
    )
    listed = "Do this:\n\n- One. Two.\n- Three\n  and more.\n\nThen. Stop."
    assert one_sentence_a_line(listed) == "Do this:\n\n- One. Two.\n- Three\n  and more.\n\nThen.\nStop."
