"""Read a suggestion from an issue, and find what is wrong with its answers."""

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
from macros.model.types import MAX_TEXT
from macros.text.characters import INVISIBLE

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
"""The path of the form in the project."""

_NO_ANSWER = "_No response_"
_BLOCKS = MarkdownIt("zero").enable(["heading", "fence"])
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
