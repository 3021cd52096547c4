"""The answers of the form are read as they were meant, or an objection says what is wrong with them."""

from __future__ import annotations

import dataclasses

import pytest
import yaml

from macros.cli.suggest.issue_form import (
    FORM,
    MOST,
    NOT_FOUND,
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
from macros.model.core import Term
from macros.model.framework import Framework
from tests.conftest import ROOT

FIELDS = form_fields(ROOT)
LABELS = {field.id: field.label for field in FIELDS}
GOOD = Suggestion("1a", "Did we ask in time?", "Did we ask in good time?", "It is clearer.", "", "A council")


def body(suggestion: Suggestion, fields: tuple[FormField, ...] = FIELDS) -> str:
    """Return the text of the issue as GitHub makes it of the form."""

    def answered(field: FormField) -> str:
        answer = getattr(suggestion, field.id)
        return "_No response_" if not answer else f"```text\n{answer}\n```" if field.fenced else answer

    return "\n\n".join(f"### {field.label}\n\n{answered(field)}" for field in fields)


def test_the_form_asks_what_a_suggestion_holds() -> None:
    assert [field.id for field in FIELDS] == [field.name for field in dataclasses.fields(Suggestion)]
    assert [field.id for field in FIELDS if field.fenced] == ["current", "new"]
    form = yaml.safe_load((ROOT / FORM).read_text("utf-8"))
    assert {part["id"] for part in form["body"] if part.get("validations", {}).get("required")} == {"id", "current", "new", "why"}
    assert form["labels"] == ["suggestion"]
    (intro,) = (part["attributes"]["value"] for part in form["body"] if part["type"] == "markdown")
    for words in ("public", "personal details", "Nothing can be broken", "CC BY 4.0"):
        assert words in intro


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("fields", [FIELDS, tuple(field._replace(label=f"{field.id}?", fenced=not field.fenced) for field in FIELDS)])
def test_an_issue_is_read_as_it_was_filled_in(fields: tuple[FormField, ...], line_end: str) -> None:
    typed = dataclasses.replace(GOOD, new="One.\n\n- two\n- three", why="A reason.\n\n### A heading\n\nMore.", sector="")
    for around in ("", "\n\n", "  \n"):
        assert read_suggestion(around + body(typed, fields).replace("\n", line_end) + around, fields) == typed


def test_headings_of_the_form_inside_a_fenced_answer_are_text() -> None:
    typed = dataclasses.replace(GOOD, new=f"One.\n\n### {LABELS['why']}\n\nTwo.", current=f"### {LABELS['id']}")
    assert read_suggestion(body(typed), FIELDS) == typed


@pytest.mark.parametrize(
    "text",
    [
        "Please change 1a.",
        "\n".join(f"### {label}" for label in reversed(LABELS.values())),
        body(GOOD).replace("### Why should it change?", "#### Why should it change?"),
        body(GOOD).replace("### Where do you work?\n\nA council", ""),
        body(dataclasses.replace(GOOD, why=f"One.\n\n### {LABELS['source']}\n\nTwo.")),
        body(dataclasses.replace(GOOD, why="x" * 65_536)),
        body(dataclasses.replace(GOOD, new="One.\n```\nTwo.")),
        body(dataclasses.replace(GOOD, new="One.\n```\n\n" + body(GOOD).rpartition("```")[2] + "\n\n```")),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused(text: str) -> None:
    found = read_suggestion(text, FIELDS)
    assert isinstance(found, Objection)
    assert found.wrong == (
        "more than 65,536 characters" if len(text) > 65_536 else "the form's headings are not there once each, in their order"
    )


def against(**answers: str) -> list[Objection]:
    return list(objections(dataclasses.replace(GOOD, **answers), LABELS))


def test_a_good_suggestion_has_no_objections() -> None:
    assert against() == []
    assert against(new="Did\u200b we a\u00adsk in\u00a0good \ufefftime?") == []
    assert against(new="Members pay £5 @ the door, 3 < 4, R&D; see [the law](https://www.testshire.gov.uk/), {so} – or not.") == []
    assert against(why="Ask @octocat, <b>not</b> {{ me }} ![x](y)", source="https://example.org/<x>") == []


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ("Turn \u202egnirts\u202c back.", "an invisible character (U+202E)"),
        ("Bell \x07", "an invisible character (U+0007)"),
        ("", "nothing is written"),
        ("word " * 1_001, "5,005 characters"),
    ],
)
def test_what_is_wrong_with_a_new_text(new: str, wrong: str) -> None:
    (found,) = against(new=new)
    assert (found.label, found.wrong) == (LABELS["new"], wrong)
    assert found.instead


def test_everything_wrong_is_reported_together() -> None:
    found = against(new="---\n\n<b>{{ x }} @you ![a](b)", why="", current="", source="x" * (MOST + 1))
    assert [objection.label for objection in found] == [LABELS[name] for name in ("current", "why", "source", *["new"] * 5)]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (" 1A. ", ("recommendation", "1a")),
        ("Recommendation 1a", ("recommendation", "1a")),
        ("1a: Ask early for ideas", ("recommendation", "1a")),
        ("https://f.testshire.gov.uk/stages/1-consult/#1a", ("recommendation", "1a")),
        ("/glossary/#outcome", ("term", "outcome")),
        ("law/small-act", ("law", "small-act")),
        ("report", ("report", "report")),
    ],
)
def test_a_record_is_named_by_its_id_or_address(small: Framework, typed: str, key: tuple[str, str]) -> None:
    assert named_record(small, typed) == key


@pytest.mark.parametrize(
    ("typed", "wrong", "instead"),
    [
        ("outcom", 'there is no record "outcom"', 'did you mean "outcome"?'),
        ("zzzzzz", 'there is no record "zzzzzz"', "write the id"),
        ("trust", '"trust" names more than one record', "write value/trust or common-core/trust"),
        ("trem/outcome", 'there is no kind "trem"', 'did you mean "term"?'),
        ("", "no id", "write the id"),
        ("1a; rm -rf /", "no id of a record", "write the id"),
        ("words", 'there is no record "words"', "write the id"),
    ],
)
def test_an_unknown_record_gets_an_objection(small: Framework, typed: str, wrong: str, instead: str) -> None:
    found = named_record(small, typed, "Which record?")
    assert isinstance(found, Objection)
    assert (found.label, found.wrong) == ("Which record?", wrong)
    assert found.instead.startswith(instead)


@pytest.mark.parametrize(
    ("known", "typed", "wrong", "instead"),
    [
        (True, "Something that nobody wrote.", NOT_FOUND, "copy a text from below, or a sentence of one"),
        (True, "{meaning}", 'this is not in this record, but in "Meaning" of output', 'write output under "Which record is it about?"'),
        (False, "{meaning}", 'this is in "Meaning" of output', 'write output under "Which record is it about?"'),
        (
            True,
            "ask",
            'this is in more than one text: "The instruction", "What to do, step 1" and "Questions to ask, question 1"',
            "quote more of the one you mean",
        ),
        (True, "them", 'this is more than once in "Why it matters"', "quote more of it, so that it fits only once"),
    ],
)
def test_a_quotation_that_fits_no_one_place_gets_an_objection(small: Framework, known: bool, typed: str, wrong: str, instead: str) -> None:
    key = ("recommendation", "1a") if known else None
    found = quoted_part(small, key, typed.format(meaning=small.get(Term, "output").meaning.upper()), LABELS)
    assert found == Objection(LABELS["current"], wrong, instead)
    assert quoted_part(small, None, "Something that nobody wrote.", LABELS) is None


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("01992 555555", "a phone number"),
        ("(01438) 737 777", "a phone number"),
        ("Tel:020 7946\n0000.", "a phone number"),
        ("+44 (0)1438 737777", "a phone number"),
        ("07700\u00a0900\u00a0123", "a phone number"),
        ("jo.bloggs@charity.org.uk", "an e-mail address"),
        ("o'neil [at] a-b.example.org", "an e-mail address"),
    ],
)
def test_a_personal_detail_is_for_the_maintainer(typed: str, what: str) -> None:
    assert list(personal_details(dataclasses.replace(GOOD, new=f"Ask {typed}", why=typed), LABELS, [])) == [
        f"The suggestion contains what looks like {what}. Check that it may be published before merging."
        f' It is under "{LABELS["new"]}" and "{LABELS["why"]}".'
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "31/01/2013, 01-02-2017 to 01-03-2018 and 2017-2018",
        "company 01234567, VAT 123 4567 89, ISBN 978-0-14-103614-4, AB 12 34 56 C",
        "£01992555555, £1,250,000 or 0.123456789",
        "https://example.org/01992555555?x=01992555555",
        "@octocat and a@b at 09:30",
    ],
)
def test_other_numbers_are_no_personal_details(typed: str) -> None:
    assert list(personal_details(dataclasses.replace(GOOD, new=typed), LABELS, [])) == []


def test_what_the_site_publishes_already_is_fine() -> None:
    typed = dataclasses.replace(GOOD, why="Ask Office@Example.org or +44 (0)1992 555555.")
    assert list(personal_details(typed, LABELS, ["office@example.org", "Ring 01992 555 555."])) == []
    assert len(list(personal_details(typed, LABELS, ["elsewhere@example.org", "01992 555556"]))) == 2
