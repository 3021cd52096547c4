"""One text of a record is replaced, and every other character of its file stays."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from macros.cli.suggest.quotation import MisfitError
from macros.cli.suggest.yaml_edit import one_sentence_a_line, splice
from macros.loading.yaml_reader import parse
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.rendering.edit_links import record_texts
from tests.conftest import REAL, cases, sweep

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
HOSTILE: list[str] = [*cases("yaml_edit.hostile"), "Sentence one. " * 300]


def value_of(text: str) -> Any:
    document = parse(text.replace("\r\n", "\n"), "a.yml")
    assert document.problems == ()
    return document.value


def leaves(value: Any, loc: Loc = ()) -> dict[Loc, str]:
    if isinstance(value, str):
        return {loc: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {at: text for key, inner in items for at, text in leaves(inner, (*loc, key)).items()}


LOCS = list(leaves(value_of(RECORD)))


def assert_only_changed(before: str, after: str, loc: Loc, new: str) -> None:
    old, changed = leaves(value_of(before)), leaves(value_of(after))
    assert list(changed) == list(old)
    assert {each for each in old if changed[each] != old[each]} == {loc}
    assert changed[loc].split() == new.split()


@pytest.mark.parametrize("loc", LOCS, ids=str)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_any_text_can_be_put_anywhere(loc: Loc, line_end: str) -> None:
    before = RECORD.replace("\n", line_end)
    for new in HOSTILE:
        after = splice(before, loc, new)
        assert_only_changed(before, after, loc, new)
        assert [comment in after for comment in COMMENTS] == [True] * 6
        assert after.count("\r\n") == (after.count("\n") if line_end == "\r\n" else 0)
        assert not any(line.endswith((" ", "\t")) for line in after.splitlines())
    diff = difflib.unified_diff(RECORD.splitlines(), splice(RECORD, loc, "A new text").splitlines(), n=0)
    assert sum(line.startswith("@@") for line in diff) == 1, "only the lines of the text change"


@pytest.mark.parametrize(("loc", "new", "written"), cases("yaml_edit.the_text_is_written_in_our_style"))
def test_the_text_is_written_in_our_style(loc: list[str | int], new: str, written: str) -> None:
    assert written in splice(RECORD, tuple(loc), new)
    assert splice("a: |-\n  One.", ("a",), "two") == "a: |-\n  two", "no line end at the end of the file"


@pytest.mark.parametrize("new", ["a\0b", "- item\x85line", "\ufeffmark\ufffe"])
def test_a_text_that_yaml_cannot_hold_is_refused(new: str) -> None:
    with pytest.raises(MisfitError):
        splice(RECORD, ("meaning",), new)


@pytest.mark.costly
@pytest.mark.parametrize("step", [5, *sweep(1)])
def test_every_text_of_every_record_can_be_replaced_alone(real: Framework, step: int) -> None:
    probe, replaced = "A probe: it's #1. Then a second sentence.", 0
    for key in real.records:
        before = (REAL / real.documents[key].path).read_bytes().decode()
        texts = record_texts(real, key)
        for wording in texts[:: 100 if len(texts) > 500 else step]:  # the list of words is long, and each of its texts like the next
            assert splice(before, wording.loc, wording.text) == before
            assert_only_changed(before, splice(before, wording.loc, probe), wording.loc, probe)
            replaced += 1
    assert replaced > 20


@pytest.mark.parametrize(("text", "lines"), cases("yaml_edit.each_sentence_has_its_own_line_and_items_stay"))
def test_each_sentence_has_its_own_line_and_items_stay(text: str, lines: str) -> None:
    for typed in (text, lines, *HOSTILE):
        laid_out = one_sentence_a_line(typed)
        assert laid_out.split() == typed.split()
        assert one_sentence_a_line(laid_out) == laid_out
    assert one_sentence_a_line(text) == lines
