"""What somebody typed into the form is read as they meant it, or they hear why it cannot be."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import yaml

from macros.framework import Framework
from macros.model import Term
from macros.quoted import Part
from macros.suggestion import (
    FORM,
    MOST,
    FormField,
    NotFilledIn,
    Objection,
    Suggestion,
    elsewhere,
    form_fields,
    meant,
    named_record,
    objections,
    personal_details,
    read_suggestion,
)
from macros.ways import Wording, wordings

from .conftest import ROOT

FIELDS = form_fields(ROOT)
LABELS = {field.id: field.label for field in FIELDS}
GOOD = Suggestion("1a", "Did we ask in time?", "Did we ask in good time?", "It is clearer.", "", "A council")


def body(suggestion: Suggestion, fields: tuple[FormField, ...] = FIELDS) -> str:
    """Return the text of the issue as GitHub makes it of the form."""

    def answered(field: FormField) -> str:
        said = getattr(suggestion, field.id)
        return "_No response_" if not said else f"```text\n{said}\n```" if field.fenced else said

    return "\n\n".join(f"### {field.label}\n\n{answered(field)}" for field in fields)


def refusal(text: str) -> tuple[Objection, ...]:
    with pytest.raises(NotFilledIn) as error:
        read_suggestion(text, FIELDS)
    return error.value.objections


def test_the_form_asks_what_a_suggestion_holds() -> None:
    assert [field.id for field in FIELDS] == [field.name for field in dataclasses.fields(Suggestion)]
    assert [field.id for field in FIELDS if field.fenced] == ["current", "new"]
    form = yaml.safe_load((ROOT / FORM).read_text("utf-8"))
    must = {part["id"] for part in form["body"] if part.get("validations", {}).get("required")}
    assert must == {"id", "current", "new", "why"}
    assert form["labels"] == ["suggestion"]


def test_the_form_says_what_a_reader_must_know() -> None:
    (said,) = (
        part["attributes"]["value"] for part in yaml.safe_load((ROOT / FORM).read_text("utf-8"))["body"] if part["type"] == "markdown"
    )
    for words in ("public", "personal details", "Nothing can be broken", "CC BY 4.0"):
        assert words in said


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_issue_is_read_as_it_was_filled_in(line_end: str) -> None:
    typed = dataclasses.replace(GOOD, new="One.\n\n- two\n- three", why="A reason.\n\n### A heading\n\nMore.", sector="")
    for around in ("", "\n\n", "  \n"):
        assert read_suggestion(around + body(typed).replace("\n", line_end) + around, FIELDS) == typed


def test_labels_come_from_the_form() -> None:
    renamed = tuple(field._replace(label=f"Other {n}?", fenced=not field.fenced) for n, field in enumerate(FIELDS))
    assert read_suggestion(body(GOOD, renamed), renamed) == GOOD


def test_a_form_without_fences_is_read_too() -> None:
    bare = tuple(field._replace(fenced=False) for field in FIELDS)
    assert read_suggestion(body(GOOD, bare), FIELDS) == GOOD


def test_headings_of_the_form_inside_a_fenced_answer_are_text() -> None:
    for label in LABELS.values():
        typed = dataclasses.replace(GOOD, new=f"One.\n\n### {label}\n\nTwo.", current=f"### {label}")
        assert read_suggestion(body(typed), FIELDS) == typed


@pytest.mark.parametrize(("name", "label"), list(itertools.product(("why", "source", "sector"), LABELS.values())))
def test_headings_of_the_form_in_an_open_answer_cannot_be_told_apart(name: str, label: str) -> None:
    typed = dataclasses.replace(GOOD, **{name: f"One.\n\n### {label}\n\nTwo."})
    (objection,) = refusal(body(typed))
    assert objection.label in LABELS.values()
    assert objection.wrong == "a line that the form itself uses, so that we cannot tell where the answer ends"


@pytest.mark.parametrize("name", ["current", "new"])
def test_nobody_can_close_a_fence_and_forge_the_rest(name: str) -> None:
    forged = "Harmless.\n```\n\n" + "\n\n".join(f"### {label}\n\n```text\nforged\n```" for label in list(LABELS.values())[2:])
    assert refusal(body(dataclasses.replace(GOOD, **{name: forged})))
    (objection,) = refusal(body(dataclasses.replace(GOOD, **{name: "One.\n```\nTwo."})))
    assert objection.label == LABELS[name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please change 1a.",
        "\n".join(f"### {label}" for label in reversed(LABELS.values())),
        body(GOOD).replace("### Why should it change?", "#### Why should it change?"),
        body(GOOD).replace("### Where do you work?\n\nA council", ""),
        "Before the form.\n\n" + body(GOOD),
        "### Which record is it about?",
    ],
)
def test_what_is_not_the_form_is_told_so(text: str) -> None:
    (objection,) = refusal(text)
    assert objection.instead == "fill in the form Suggest a change, and leave its headings as they are"


def test_an_issue_of_great_length_is_not_read() -> None:
    (objection,) = refusal(body(dataclasses.replace(GOOD, why="x" * 65_536)))
    assert objection == Objection("", "more than 65,536 characters", "suggest one text at a time")


def test_many_headings_are_read_at_once() -> None:
    assert refusal(body(dataclasses.replace(GOOD, why=f"### {LABELS['source']}\n" * 1_500)))


def against(**answers: str) -> list[Objection]:
    return list(objections(dataclasses.replace(GOOD, **answers), FIELDS))


def test_nothing_is_against_a_good_suggestion() -> None:
    assert against() == []
    assert against(new="Did\u200b we a\u00adsk in\u00a0good \ufefftime?") == []
    assert against(new="Members pay £5 @ the door, 3 < 4, R&D; see [the law](https://www.testshire.gov.uk/), {so} – or a@b.org.") == []


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ("---\ntitle: x\n---\nWords.", "a line of dashes, as the head of a page has"),
        ("Words.\n\n  -----  \n", "a line of dashes, as the head of a page has"),
        ("<b>Words</b>", "HTML"),
        ("<script>alert(1)</script>", "HTML"),
        ("Words <!-- hidden -->", "HTML"),
        ("Words &lt;b&gt; &#64;", "HTML"),
        ("<https://example.org>", "HTML"),
        ("{{ config }}", "the braces of a macro (Jinja)"),
        ("{% raw %}", "the braces of a macro (Jinja)"),
        ("{# hidden #}", "the braces of a macro (Jinja)"),
        ("Words.{: .class }", "the braces of a macro (Jinja)"),
        ("Ask @octocat first.", "a name that begins with @"),
        ("@owner/team", "a name that begins with @"),
        ("![a picture](https://example.org/a.png)", "a picture"),
        ("```\ncode\n```", "a line of ``` or ~~~"),
        ("Turn \u202egnirts\u202c back.", "an invisible character (U+202E)"),
        ("Isolate \u2066this\u2069.", "an invisible character (U+2066)"),
        ("Bell \x07", "an invisible character (U+0007)"),
        ("Nul \0", "an invisible character (U+0000)"),
        ("", "nothing is written"),
        ("Did we  ask\nin time?", "the same as the wording now"),
        ("word " * 1_001, "5,005 characters"),
    ],
)
def test_a_bad_wording_gets_an_answer(new: str, wrong: str) -> None:
    found = against(new=new)
    assert (LABELS["new"], wrong) in [(objection.label, objection.wrong) for objection in found]
    assert all(objection.instead for objection in found)


def test_everything_is_said_at_once() -> None:
    found = against(new="---\n<b>{{ x }}</b> @you ![]", why="", current="", source="x" * (MOST + 1))
    assert [objection.label for objection in found] == [LABELS[name] for name in ("current", "why", "source", *["new"] * 5)]


def test_a_reason_may_hold_what_a_record_may_not() -> None:
    assert against(why="Ask @octocat, <b>not</b> {{ me }} ![x](y)", source="https://example.org/<x>") == []


@pytest.mark.parametrize(
    "typed",
    [
        "1a",
        " 1A ",
        "1a.",
        "(1a)",
        "recommendation/1a",
        "`1a`",
        "1a. Ask early for ideas",
        "1a: Ask early for ideas",
        "Recommendation 1a: ask early for ideas",
        "Ask early for ideas",
    ],
)
def test_an_id_is_known_however_it_is_typed(small: Framework, typed: str) -> None:
    assert named_record(small, typed) == ("recommendation", "1a")


def test_ids_of_any_kind_are_known(small: Framework) -> None:
    assert named_record(small, "outcome") == ("term", "outcome")
    assert named_record(small, "law/small-act") == ("law", "small-act")
    assert named_record(small, "common-core/trust") == ("common-core", "trust")
    assert named_record(small, "report") == ("report", "report")


@pytest.mark.parametrize(
    ("typed", "wrong", "instead"),
    [
        ("outcom", 'there is no record "outcom"', 'did you mean "outcome"?'),
        ("zzzzzz", 'there is no record "zzzzzz"', "write the id"),
        ("trust", '"trust" names more than one record', "write value/trust or common-core/trust"),
        ("trem/outcome", 'there is no kind "trem"', 'did you mean "term"?'),
        ("", "no id", "write the id"),
        ("../../etc/passwd", "no id of a record", "write the id"),
        ("1a; rm -rf /", "no id of a record", "write the id"),
        ("site", 'there is no record "site"', ""),
        ("words", 'there is no record "words"', ""),
    ],
)
def test_an_unknown_id_gets_an_answer(small: Framework, typed: str, wrong: str, instead: str) -> None:
    found = named_record(small, typed, "Which record?")
    assert isinstance(found, Objection)
    assert (found.label, found.wrong) == ("Which record?", wrong)
    assert found.instead.startswith(instead)
    assert found.instead


def held(small: Framework) -> tuple[Wording, ...]:
    return wordings(small, ("recommendation", "1a"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("Did we ask in time?", "ask.1"),
        ("  Did we\n ask   in time?\n", "ask.1"),
        ("Ask early for ideas", "title"),
        ("Say what you have seen, with its [[outcome|outcomes]].", "do.2.step"),
        ("Say what you have seen, with its outcomes.", "do.2.step"),
        ("Meet where they are once a year.", "do.3.step"),
        ("The report says that asking...", "says"),
        ("The report says that asking…", "says"),
    ],
)
def test_the_text_that_is_meant_is_found(small: Framework, typed: str, field: str) -> None:
    found = meant(held(small), typed)
    assert isinstance(found, Part)
    assert (found.wording.field, found.whole) == (field, True)


@pytest.mark.parametrize("typed", ["Did we...", "...", "…", "Something else that nobody wrote.", "People who use a service and more..."])
def test_a_text_that_is_not_there_gets_an_answer(small: Framework, typed: str) -> None:
    found = meant(held(small), typed, "Now")
    wrong = "no text of this record reads like this; it may have changed"
    assert found == Objection("Now", wrong, "copy a text from below, or a sentence of one")


def test_a_text_that_stands_twice_gets_an_answer() -> None:
    twice = [Wording((n,), "The same beginning of words, and then so", prose=True, statement=None) for n in ("a", "b")]
    objection = meant(twice, twice[0].text)
    assert isinstance(objection, Objection)
    assert objection.wrong == 'this is in more than one text: "a" and "b"'
    assert meant(twice, f"b: {twice[0].text}") == Part(twice[1], 0, len(twice[1].text))
    other = twice[1]._replace(text="The same beginning of words, and then not")
    assert meant([twice[0], other], "The same beginning of words, and...") == objection
    assert meant([twice[0], other], other.text) == Part(other, 0, len(other.text))
    again = meant([other._replace(text="One more. One more.")], "one more")
    assert again == Objection("", 'this is more than once in "b"', "quote more of it, so that it fits only once")
    many = [twice[0]._replace(loc=(f"text {n}",)) for n in range(12)]
    said = meant(many, twice[0].text)
    assert isinstance(said, Objection)
    assert said.wrong.endswith('"text 7" and 4 more')


def test_several_texts_are_named() -> None:
    texts = [Wording((n,), text, prose=True, statement=None) for n, text in (("why", "Data costs time."), ("ask", "Is it read?"))]
    said = meant(texts, "- Data costs time\n- Is it read")
    assert said == Objection("", 'this is not one text, but several: "why" and "ask"', "suggest one at a time, each in an issue of its own")


def test_a_text_that_has_another_name_gets_an_answer() -> None:
    texts = [Wording((n,), text, prose=True, statement=None) for n, text in (("why", "Data costs time."), ("ask", "Is it read?"))]
    assert meant(texts, "Why: data costs time") == Part(texts[0], 0, len(texts[0].text))
    assert meant(texts, "**Ask:** data costs time", "Now") == Objection(
        "Now", 'this is not in "ask", but in "why"', "write it with the right name, or with none"
    )


def test_a_text_of_another_record_is_named(small: Framework) -> None:
    def said(key: tuple[str, str] | None, typed: str) -> Objection | None:
        return elsewhere(small, key, typed, lambda wording, _: wording.field, LABELS)

    now = LABELS["current"]
    here = ("term", "output")
    question = small.get(Term, "output").meaning.upper()
    assert said(("term", "outcome"), question) == Objection(
        now, 'this is not in this record, but in "meaning" of output', 'write output under "Which record is it about?"'
    )
    assert said(None, question) == Objection(now, 'this is in "meaning" of output', 'write output under "Which record is it about?"')
    assert said(here, question) is None
    assert said(("term", "outcome"), "in time") is None, "too short to search for"


@pytest.mark.parametrize(
    "typed",
    [
        "01992 555555",
        "01992555555",
        "(01438) 737 777",
        "01438-737777",
        "020 7946 0000",
        "0207 946 0000",
        "+44 20 7946 0000",
        "+44 (0)1438 737777",
        "+441438737777",
        "0044 1438 737777",
        "07700 900123",
        "07700\u00a0900\u00a0123",
        "0800 028 0000",
        "0300 123 4040, option 2",
        "+353 1 234 5678",
        "Tel:01992 555555.",
    ],
)
def test_a_phone_number_is_for_the_maintainer(typed: str) -> None:
    for name in ("new", "why", "source"):
        (said,) = personal_details(dataclasses.replace(GOOD, **{name: f"Ring Jo on {typed}"}), FIELDS, [])
        assert said == (
            "The suggestion contains what looks like a phone number. Check that it may be published before merging."
            f' It is under "{LABELS[name]}".'
        )


@pytest.mark.parametrize(
    "typed", ["jo.bloggs@charity.org.uk", "<JO@example.org>", "mailto:o'neil+x@a-b.example.org", "jo [at] example.org"]
)
def test_a_mail_address_is_for_the_maintainer(typed: str) -> None:
    said = list(personal_details(dataclasses.replace(GOOD, why=f"Ask {typed}.", source=typed), FIELDS, []))
    assert said == [
        "The suggestion contains what looks like an e-mail address. Check that it may be published before merging."
        f' It is under "{LABELS["why"]}" and "{LABELS["source"]}".'
    ]


def test_each_kind_of_detail_is_said_once() -> None:
    said = list(personal_details(dataclasses.replace(GOOD, why="AB 12 34 56 C, jo@example.org, 01992 555555, 01992 555556"), FIELDS, []))
    assert [one.partition("like ")[2].partition(".")[0] for one in said] == [
        "an e-mail address",
        "a phone number",
        "a National Insurance number",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "31/01/2013",
        "31.01.2013 at 10.30",
        "01-02-2017 to 01-03-2018",
        "2017-2018 and 2018-19",
        "2013-01-31",
        "charity number 1123456",
        "company 01234567, VAT 123 4567 89",
        "£01992555555",
        "£1,250,000 or 0.123456789",
        "ISBN 978-0-14-103614-4 and ISBN 0-14-103614-4 and ISBN 0141036144",
        "https://example.org/01992555555?x=01992555555",
        "section 1.4, page 12, 100,000 people and 20 7946",
        "doi:10.1080/0123456789",
        "@octocat and a@b",
        "ratio 3:4 at 09:30",
        "SW1A 1AA",
    ],
)
def test_other_numbers_are_no_personal_details(typed: str) -> None:
    assert list(personal_details(dataclasses.replace(GOOD, new=typed, why=typed, source=typed), FIELDS, [])) == []


def test_what_the_site_publishes_already_is_fine() -> None:
    typed = dataclasses.replace(GOOD, why="Ask Office@Example.org or +44 (0)1992 555555.")
    assert list(personal_details(typed, FIELDS, ["office@example.org", "Ring 01992 555 555."])) == []
    assert len(list(personal_details(typed, FIELDS, ["elsewhere@example.org", "01992 555556"]))) == 2
