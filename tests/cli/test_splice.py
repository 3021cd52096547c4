"""One text of a file is replaced, and every other character stays."""

from __future__ import annotations

from typing import Any

import pytest

from macros.cli.suggest.yaml_edit import SpliceError, one_sentence_a_line, splice
from macros.loading.yaml_reader import parse
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.rendering.edit_links import wordings
from tests.conftest import REAL

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
since: 2017
web: "https://example.org/#part"
last: |+
  The end.
"""

COMMENTS = ("# A record", "# what is done", "# other names", "# the meaning", "# between", "# less indented")
HOSTILE = [
    "It's \"quoted\", 'twice' and “curly”.",
    "a colon: and a space",
    "a comment # or not",
    "- a dash first",
    "One.\n---\nTwo.",
    "...",
    "\ta\ttab",
    "no",
    "2017-02-31",
    "[words](2f) or [[outcome]], {a: b}",
    "&anchor",
    "!tag",
    "%percent",
    "@name",
    "`code` here. `More code. Here` too.",
    "| pipe",
    "emoji 😀 and é and back\\slash \\n",
    "   spaces first  \n      and more\n\n\n\n   less\n\n",
    "Windows\r\nline ends:\r\n",
    "A list:\n\n- one. Two.\n- two\n  goes on. Here.\n\nAfter it. 3. Four.",
    "key: value\nother: value\nkey: again",
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


LOCS = list(leaves(values(RECORD)))


def only_changed(before: str, after: str, loc: Loc, new: str) -> None:
    old, made = leaves(values(before)), leaves(values(after))
    assert list(made) == list(old)
    assert {at for at in old if made[at] != old[at]} == {loc}
    assert made[loc].split() == new.split()


@pytest.mark.parametrize("loc", LOCS, ids=str)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_any_text_can_stand_anywhere_and_all_else_stays(loc: Loc, line_end: str) -> None:
    before = RECORD.replace("\n", line_end)
    for new in HOSTILE:
        after = splice(before, loc, new)
        only_changed(before, after, loc, new)
        assert [comment in after for comment in COMMENTS] == [True] * 6
        assert after.count("\r\n") == (after.count("\n") if line_end == "\r\n" else 0)
        assert not any(line.endswith((" ", "\t")) for line in after.splitlines())
    lines, made = RECORD.split("\n"), splice(RECORD, loc, "A new text").split("\n")
    same = next(n for n in range(len(lines)) if lines[n] != made[n])
    left = len(lines) - same
    behind = next(n for n in range(1, left + 1) if n == left or lines[-n] != made[-n])
    assert left - behind < 3, "only the lines of the text have changed"


@pytest.mark.parametrize(
    ("loc", "new", "written"),
    [
        (("title",), "Outcome", "title: Outcome    # what is done"),
        (("title",), "1.10", 'title: "1.10"    #'),
        (("title",), "2017-02-31", 'title: "2017-02-31"    #'),
        (("do", 2, "other"), 'it\'s "so"', 'other: "it\'s \\"so\\""}'),
        (("web",), "https://example.org/", 'web: "https://example.org/"'),
        (("meaning",), "One. Two.", "meaning: |-   # the meaning\n  One.\n  Two.\n\n# between"),
        (("do", 0, "step"), "One. Two.", "step: |-\n      One.\n      Two.\n    # less"),
        (("empty",), "Now full.", "empty: |-\n  Now full.\nsince"),
        (("last",), "One. Two.", "last: |-\n  One.\n  Two.\n"),
        (("since",), "One.\n\nTwo.", "since: |-\n  One.\n\n  Two.\nweb"),
        (("also", 1), "One.\n\nTwo.", r'[outputs, "One.\n\nTwo.", "one: two"]'),
    ],
)
def test_the_text_is_written_in_house_style(loc: Loc, new: str, written: str) -> None:
    assert written in splice(RECORD, loc, new)


@pytest.mark.parametrize(("text", "made"), [("a: |-\n  One.", "a: |-\n  two"), ("a: one", "a: two"), ("a: |-", "a: |-\n  two")])
def test_a_file_without_a_last_line_end_keeps_none(text: str, made: str) -> None:
    assert splice(text, ("a",), "two") == made


@pytest.mark.parametrize(
    ("text", "loc", "new"),
    [
        *((RECORD, loc, "new") for loc in [("nowhere",), (), ("do",), ("do", 9), ("do", "x")]),
        *((RECORD, ("meaning",), new) for new in ["", " \n\t", "a\0b", "- item\x85line", "\ufeffmark\ufffe"]),
        *((text, ("a",), "new") for text in ["", "a: [", "a: b\n---\na: c\n"]),
    ],
)
def test_what_cannot_be_kept_is_refused(text: str, loc: Loc, new: str) -> None:
    with pytest.raises(SpliceError):
        splice(text, loc, new)


@pytest.mark.costly
def test_every_text_of_every_record_can_be_replaced_alone(real: Framework) -> None:
    probe, replaced = "A probe: it's #1. Then a second sentence.", 0
    for key in real.records:
        before = (REAL / real.documents[key].path).read_bytes().decode()
        texts = wordings(real, key)
        for wording in texts[:: 100 if len(texts) > 500 else 1]:  # the list of words is long, and each of its texts like the next
            assert splice(before, wording.loc, wording.text) == before
            only_changed(before, splice(before, wording.loc, probe), wording.loc, probe)
            replaced += 1
    assert replaced > 1_900


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
