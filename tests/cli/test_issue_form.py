"""The answers of the suggestion form are read as they were meant, or an objection says what is wrong with them."""

from __future__ import annotations

import dataclasses

import pytest
import yaml

from macros.cli.suggest.command import (
    FORM,
    FormField,
    Objection,
    Suggestion,
    form_fields,
    named_record,
    objections,
    personal_details,
    quoted_part,
    read_suggestion,
)
from macros.model.framework import Framework
from macros.model.records import Term
from tests.conftest import ROOT

FIELDS = form_fields(ROOT)
LABELS = {field.id: field.label for field in FIELDS}
GOOD = Suggestion("1a", "Did we ask in time?", "Did we ask in good time?", "It is clearer.", "", "A council")


def body(suggestion: Suggestion, fields: tuple[FormField, ...] = FIELDS) -> str:
    """Return the text of the issue as GitHub makes it from the form."""

    def answer(field: FormField) -> str:
        text = getattr(suggestion, field.id)
        return "_No response_" if not text else f"```text\n{text}\n```" if field.fenced else text

    return "\n\n".join(f"### {field.label}\n\n{answer(field)}" for field in fields)


def test_the_form_has_a_question_for_each_part_of_a_suggestion() -> None:
    assert [field.id for field in FIELDS] == [field.name for field in dataclasses.fields(Suggestion)]
    assert [field.id for field in FIELDS if field.fenced] == ["current", "new"]
    form = yaml.safe_load((ROOT / FORM).read_text("utf-8"))
    assert {part["id"] for part in form["body"] if part.get("validations", {}).get("required")} == {"id", "current", "new", "why"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("around", ["", "  \n"])
@pytest.mark.parametrize(
    "answers",
    [
        {"new": "One.\n\n- two\n- three", "why": "A reason.\n\n### A heading\n\nMore.", "sector": ""},
        {"new": f"One.\n\n### {LABELS['why']}\n\nTwo.", "current": f"### {LABELS['id']}"},
    ],
    ids=["headings of one's own", "headings of the form in a code block"],
)
def test_an_issue_is_read_as_it_was_filled_in(answers: dict[str, str], around: str, line_end: str) -> None:
    typed = dataclasses.replace(GOOD, **answers)
    assert read_suggestion(around + body(typed).replace("\n", line_end) + around, FIELDS) == typed


@pytest.mark.parametrize(
    "text",
    [
        "Please change 1a.",
        "\n".join(f"### {label}" for label in reversed(LABELS.values())),
        body(GOOD).replace("### Why should it change?", "#### Why should it change?"),
        body(GOOD).replace("### Where do you work?\n\nA council", ""),
        body(dataclasses.replace(GOOD, why=f"One.\n\n### {LABELS['source']}\n\nTwo.")),
        body(dataclasses.replace(GOOD, new="One.\n```\nTwo.")),
        body(dataclasses.replace(GOOD, new="One.\n```\n\n" + body(GOOD).rpartition("```")[2] + "\n\n```")),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused(text: str) -> None:
    found = read_suggestion(text, FIELDS)
    assert isinstance(found, Objection)
    assert found.wrong.startswith("the headings of the form are missing")


def objections_to(**answers: str) -> list[tuple[str, str]]:
    return [(objection.label, objection.wrong) for objection in objections(dataclasses.replace(GOOD, **answers), LABELS)]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"new": "Did\u200b we a\u00adsk in\u00a0good \ufefftime?"}, []),
        ({"new": "Members pay £5 @ the door, 3 < 4, R&D; see [the law](https://www.testshire.gov.uk/), {so} – or not."}, []),
        ({"why": "Ask @octocat, <b>not</b> {{ me }} ![x](y)", "source": "https://example.org/<x>"}, []),
        ({"new": "Turn \u202egnirts\u202c back."}, ["an invisible character (U+202E)"]),
        ({"new": "Bell \x07", "current": ""}, ["nothing is written", "an invisible character (U+0007)"]),
        ({"new": "word " * 1_001, "why": "", "source": "x" * 6_000}, ["5,005 characters", "nothing is written", "6,000 characters"]),
    ],
)
def test_everything_that_is_wrong_with_the_answers_is_reported(answers: dict[str, str], wrong: list[str]) -> None:
    assert [objection.wrong for objection in objections(dataclasses.replace(GOOD, **answers), LABELS)] == wrong


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" 1A. ", ("recommendation", "1a")),
        ("Recommendation 1a", ("recommendation", "1a")),
        ("1a: Ask early for ideas", ("recommendation", "1a")),
        ("https://f.testshire.gov.uk/stages/1-consult/#1a", ("recommendation", "1a")),
        ("/glossary/#outcome", ("term", "outcome")),
        ("law/small-act", ("law", "small-act")),
        ("report", ("report", "report")),
        ("outcom", 'there is no record "outcom"; did you mean "outcome"?'),
        ("zzzzzz", 'there is no record "zzzzzz"; write the id that ends its address, for example 2f, outcome or law/light-touch'),
        ("trust", '"trust" names more than one record; write value/trust or common-core/trust'),
        ("trem/outcome", 'there is no kind "trem"; did you mean "term"?'),
        ("", "no id; write the id that ends its address, for example 2f, outcome or law/light-touch"),
        ("1a; rm -rf /", "this is not the id of a record; write the id that ends its address, for example 2f, outcome or law/light-touch"),
    ],
)
def test_a_record_is_named_by_its_id_or_address(small: Framework, typed: str, found: tuple[str, str] | str) -> None:
    key = named_record(small, typed, "Which record?")
    assert (f"{key.wrong}; {key.instead}" if isinstance(key, Objection) else key) == found


@pytest.mark.parametrize(
    ("named", "typed", "wrong"),
    [
        (
            True,
            "Not so.",
            "no text of this record reads like this; it may have changed; copy a text from below, or a sentence of one",
        ),
        (True, "{meaning}", 'this is not in this record, but in "Meaning" of output; write output under "Which record is it about?"'),
        (False, "{meaning}", 'this is in "Meaning" of output; write output under "Which record is it about?"'),
        (True, "them", 'this is there more than once, in "Why it matters"; quote more of it, so that it fits only once'),
    ],
)
def test_a_quotation_must_fit_one_place(small: Framework, named: bool, typed: str, wrong: str) -> None:
    key = ("recommendation", "1a") if named else None
    objection = quoted_part(small, key, typed.format(meaning=small.get(Term, "output").meaning.upper()), LABELS)
    assert isinstance(objection, Objection)
    assert (objection.label, f"{objection.wrong}; {objection.instead}") == (LABELS["current"], wrong)
    assert quoted_part(small, None, "Not so.", LABELS) is None


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("01992 555555", "a phone number"),
        ("(01438) 737 777", "a phone number"),
        ("Tel:020 7946\n0000.", "a phone number"),
        ("+44 (0)1438\u00a0737777", "a phone number"),
        ("jo.bloggs@charity.org.uk", "an e-mail address"),
        ("o'neil [at] a-b.example.org", "an e-mail address"),
        ("31/01/2013, 01-02-2017 to 01-03-2018 and 2017-2018", None),
        ("company 01234567, VAT 123 4567 89, ISBN 978-0-14-103614-4, AB 12 34 56 C", None),
        ("£01992555555, £1,250,000 or 0.123456789", None),
        ("https://example.org/01992555555?x=01992555555", None),
        ("@octocat and a@b at 09:30", None),
    ],
)
def test_the_maintainer_is_told_of_personal_details(typed: str, kind: str | None) -> None:
    notes = [f"The suggestion contains what looks like {kind}. Check that it may be published before merging."] if kind else []
    assert list(personal_details(dataclasses.replace(GOOD, new=f"Ask {typed}", why=typed))) == notes
    assert list(personal_details(dataclasses.replace(GOOD, new=f"Ask {typed}", current=typed))) == [], "it is public already"
