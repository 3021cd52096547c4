"""Errors of pydantic become messages for a policy officer, at their lines; more cases are in tests/broken/."""

from __future__ import annotations

import re

import pytest

from macros.loading.validation import MAX_PROBLEMS_PER_RECORD, validate
from macros.loading.yaml_reader import parse
from macros.model.records import KINDS, Term, Value
from tests.conftest import TESTS

VALID = (TESTS / "starter/data/glossary/output.yml").read_text("utf-8")


def test_problems_of_reading_and_of_validation_are_both_reported() -> None:
    text = "term: Output\nterm: Outcome\ncolour: x\n" + VALID.partition("\n")[2]
    record, problems = validate(parse(text, "data/a.yml"), Term, "a")
    assert record is None
    assert [(p.path, p.name) for p in problems] == [("data/a.yml", "duplicate-key"), ("data/a.yml", "unknown-key")]


@pytest.mark.parametrize("cls", KINDS.values(), ids=lambda cls: cls.kind)
def test_messages_have_no_words_of_programmers(cls: type[Term]) -> None:
    for text in (
        "title: [x]\nnumber: {a: b}\n",
        "do: x\nsearch: {}\n",
        "number: 0\nterm:\n  - x\n",
        "compact: [[]]\nthemes: [x]\n",
        "number: 99999\nadded: [x]\nwithdrawn: x\n",
    ):
        for problem in validate(parse(text, "a.yml"), cls, "a")[1]:
            assert not re.search("tuple|NoneType|dict|pydantic|instance|(?i:input should)", problem.message), problem.message


def test_the_number_of_problems_of_a_record_is_limited() -> None:
    document = parse("".join(f"key-{n}: x\n" for n in range(5_000)), "data/values/openness.yml")
    record, problems = validate(document, Value, "openness")
    assert record is None
    assert len(problems) == MAX_PROBLEMS_PER_RECORD
