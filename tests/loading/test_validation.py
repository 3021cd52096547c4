"""What pydantic says is put in words for a policy officer, at its line; the cases are in tests/broken/."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.loading.validation import MOST, validate
from macros.loading.yaml_reader import parse
from macros.model.core import Term, Value
from macros.model.registry import KINDS
from tests.conftest import TESTS

GOOD = (TESTS / "data/glossary/output.yml").read_text("utf-8")


def test_a_good_document_becomes_a_record() -> None:
    record, problems = validate(parse(GOOD, "data/glossary/output.yml"), Term, "output")
    assert problems == []
    assert isinstance(record, Term)
    assert record.id == "output"


def test_a_document_that_could_not_be_read_is_not_judged_again() -> None:
    record, problems = validate(parse("term: [", "a.yml"), Term, "a")
    assert record is None
    assert [p.name for p in problems] == ["syntax"]


def test_a_fault_of_reading_and_a_fault_of_form_are_both_named() -> None:
    record, problems = validate(parse("term: Output\nterm: Outcome\ncolour: x\n" + GOOD.partition("\n")[2], "a.yml"), Term, "a")
    assert record is None
    assert {p.name for p in problems} == {"duplicate-key", "unknown-key"}


@pytest.mark.parametrize("cls", KINDS.values(), ids=lambda cls: cls.kind)
def test_no_programmers_words_reach_the_author(cls: type[Term]) -> None:
    spoilt = [
        "title: [x]\nnumber: {a: b}\n",
        "do: x\nsearch: {}\n",
        "number: 0\nterm:\n  - x\n",
        "compact: [[]]\nthemes: [x]\n",
        "number: 99999\nadded: [x]\nwithdrawn: x\n",
    ]
    for text in spoilt:
        for problem in validate(parse(text, "a.yml"), cls, "a")[1]:
            for word in ("tuple", "NoneType", "dict", "Input should", "pydantic", "instance", "input should"):
                assert word not in problem.message, problem.message


def test_every_message_names_the_file(tmp_path: Path) -> None:
    del tmp_path
    assert {p.path for p in validate(parse("x: y\n", "data/a.yml"), Term, "a")[1]} == {"data/a.yml"}


def test_so_many_faults_of_one_record_are_enough() -> None:
    document = parse("".join(f"key-{n}: x\n" for n in range(5_000)), "data/values/trust.yml")
    record, problems = validate(document, Value, "trust")
    assert record is None
    assert len(problems) == MOST
