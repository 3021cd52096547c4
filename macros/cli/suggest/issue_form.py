"""Read a suggestion from an issue: the record, the text it quotes, the new text, and what is wrong with the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt

from macros.cli.suggest.paste_cleanup import foreign, plain_characters
from macros.cli.suggest.quotation import Part, quoted_parts
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.types import MAX_TEXT
from macros.outputs.cms import text_name
from macros.rendering.edit_links import id_of, record_texts
from macros.text.characters import INVISIBLE, normalised
from macros.text.inline_markdown import parse_id

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
"""The path of the form in the project."""

NOT_FOUND = "no text of this record reads like this; it may have changed"

_WRITE_ID = "write the id that ends its address, for example 2f, outcome or law/light-touch"
_NO_ANSWER = "_No response_"
_MIN_WORDS_ELSEWHERE = 3  # a shorter quotation is not searched for in other records

_BLOCKS = MarkdownIt("zero").enable(["heading", "fence"])
_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(?:[^#?\s]*/)?(?:[^#?/\s]*#([\w-]+)|([\w-]+)/)")
"""The address of a record; its id is the anchor or the last folder."""

_PERSONAL = {
    "an e-mail address": re.compile(r"(?<![\w.%+'-])[\w.%+'-]+(?:@| ?[\[(]at[\])] ?)\w[\w-]*(?:\.[\w-]+)+"),
    "a phone number": re.compile(r"(?<![\w/=#.,£$€-])(?:\+|\(?0)\d(?:[ ().–-]*\d){8,13}(?![\w/])"),
}


class FormField(NamedTuple):
    """One question of the form: its id, its label, and whether GitHub puts the answer into a code block."""

    id: str
    label: str
    fenced: bool


class Objection(NamedTuple):
    """What is wrong with a suggestion: the label of the answer ("" for the suggestion itself), what is wrong, and what to write instead."""

    label: str
    wrong: str
    instead: str = ""


@dataclass(frozen=True)
class Suggestion:
    """The answers as typed: the record's id, the wording now and the new one, why, where to check it, and where the person works."""

    id: str
    current: str
    new: str
    why: str
    source: str
    sector: str


def form_fields(root: Path) -> tuple[FormField, ...]:
    """Return the questions of the form of the project `root`, in order; raise OSError if it has no form."""
    form = yaml.safe_load((root / FORM).read_text("utf-8"))
    questions = [part for part in form["body"] if part["type"] != "markdown"]
    return tuple(FormField(part["id"], part["attributes"]["label"], "render" in part["attributes"]) for part in questions)


def read_suggestion(body: str, fields: Sequence[FormField]) -> Suggestion | Objection:
    """Return the suggestion in the `body` of an issue that was filed with the form, or why it cannot be read."""
    labels = [field.label for field in fields]
    text = re.sub(r"\r\n?", "\n", body)
    lines, tokens = text.split("\n"), _BLOCKS.parse(text)
    headings = [(token.map[0], following.content) for token, following in pairwise(tokens) if token.tag == "h3" and token.map]
    headings = [(line, label) for line, label in headings if label in labels]
    if [label for _, label in headings] != labels:
        instead = "fill in the form Suggest a change, keep its headings, and write no line of ```"
        return Objection("", "the headings of the form are missing, repeated or in another order", instead)
    ends = [*(line for line, _ in headings[1:]), len(lines)]
    answers = {field.id: _answer(lines[line + 1 : end], field) for field, (line, _), end in zip(fields, headings, ends, strict=True)}
    return Suggestion(**answers)


def _answer(lines: Sequence[str], field: FormField) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    if field.fenced and (block := re.fullmatch(r"```.*\n((?:.*\n)*)```", text)):
        text = block[1]
    return "" if text == _NO_ANSWER else text.strip()


def named_record(framework: Framework, typed: str, label: str = "") -> Key | Objection:
    """Return kind and id of the record that `typed`, the answer under `label`, names by id or address, or what is wrong with it."""
    name = normalised(typed).strip().strip(".[]()\"'`").casefold().removeprefix("recommendation ")
    if "/" in name and (address := _ADDRESS.fullmatch(name)):
        name = address[1] or address[2]
    name = re.split(r"[.:]\s", name)[0]
    if name == framework.report.id:
        return framework.report.kind, framework.report.id
    key = framework.resolve(name) if parse_id(name) else "this is not the id of a record" if name else "no id"
    if not isinstance(key, str):
        return key
    wrong, _, advice = key.partition("; ")
    return Objection(label, wrong, _WRITE_ID if "remove" in advice else advice or _WRITE_ID)


def quoted_part(framework: Framework, key: Key | None, typed: str, labels: Mapping[str, str]) -> Part | Objection | None:
    """Return the part of the record `key` that `typed` quotes, or what is wrong with it; without `key`, name the records that have it."""
    label = labels["current"]
    parts = quoted_parts(record_texts(framework, key), typed) if key else ()
    if len(parts) == 1:
        return parts[0]
    if key and parts:
        places = dict.fromkeys(f'"{text_name(part.wording.loc, key[0])}"' for part in parts)
        return Objection(label, f"this is there more than once, in {', '.join(places)}", "quote more of it, so that it fits only once")
    records = framework.records.items() if len(typed.split()) >= _MIN_WORDS_ELSEWHERE else ()
    elsewhere = [
        (id_of(framework, record), f'"{text_name(part.wording.loc, other[0])}" of {id_of(framework, record)}')
        for other, record in records
        if other[0] in framework.classes or record is framework.report
        for part in quoted_parts(record_texts(framework, other), typed)
    ]
    if elsewhere:
        wanted = elsewhere[0][0] if len(dict(elsewhere)) == 1 else "the one you mean"
        wrong = f"this is {'not in this record, but ' if key else ''}in {', '.join(dict.fromkeys(place for _, place in elsewhere))}"
        return Objection(label, wrong, f'write {wanted} under "{labels["id"]}"')
    return Objection(label, NOT_FOUND, "copy a text from below, or a sentence of one") if key else None


def objections(suggestion: Suggestion, labels: Mapping[str, str]) -> Iterator[Objection]:
    """Yield what is wrong with the answers of `suggestion`, whichever record they are about."""
    for name, label in labels.items():
        answer = getattr(suggestion, name)
        if len(answer) > MAX_TEXT:
            yield Objection(label, f"{len(answer):,} characters", f"write at most {MAX_TEXT:,}")
        if not answer and name in ("current", "new", "why"):
            yield Objection(label, "nothing is written", "write it")
    if found := INVISIBLE.search(plain_characters(suggestion.new)):
        yield Objection(labels["new"], f"an invisible character (U+{ord(found[0]):04X})", "delete it and type the text again")
    yield from (Objection(labels["new"], wrong, instead) for wrong, instead in foreign(suggestion.new))


def personal_details(suggestion: Suggestion) -> Iterator[str]:
    """Yield a note for the maintainer for each kind of personal detail in the answers; those in the wording now are public already."""
    answers = " ; ".join((suggestion.new, suggestion.why, suggestion.source, suggestion.sector))
    typed, public = (" ".join(plain_characters(text).casefold().split()) for text in (answers, suggestion.current))
    for kind, pattern in _PERSONAL.items():
        if set(pattern.findall(typed)) - set(pattern.findall(public)):
            yield f"The suggestion contains what looks like {kind}. Check that it may be published before merging."
