"""Read a suggestion from an issue: which text of which record, how it should read, and what is wrong with the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt

from macros.cli.suggest.paste_cleanup import foreign, plain_characters
from macros.cli.suggest.quotation import Part, find
from macros.model.framework import Framework
from macros.model.references import Key
from macros.outputs.cms import called
from macros.rendering.edit_links import id_of, wordings
from macros.text.markup import as_id
from macros.text.normalisation import UNSEEN, normalised

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
"""Where the form is, from the project's root."""

MOST, MOST_IN_ALL = 5_000, 65_536
"""How many characters one answer of the form may have, and the whole issue."""

NOT_FOUND = "no text of this record reads like this; it may have changed"

_EMPTY = "_No response_"
_MOST_NAMED = 8
"""How many texts one objection names."""

_SHORTEST_ELSEWHERE = 3
"""How many words must be quoted for other records to be searched for them."""

_BLOCKS = MarkdownIt("zero").enable(["heading", "fence"])
_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(?:[^#?\s]*/)?(?:[^#?/\s]*#([\w-]+)|([\w-]+)/)")
"""The address of a record, whole or in part: the id is its anchor, or its last folder."""

_MAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]+(?:@|[ \t]*[\[(]at[\])][ \t]*)\w[\w-]*(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/=#.,£$€-])(?:\+\d|\(?0\d{2})[\d ().–-]{6,20}\d(?![\w/])")


class FormField(NamedTuple):
    """One question of the form: its id, its label, and whether GitHub puts the answer between two lines of ```."""

    id: str
    label: str
    fenced: bool


class Objection(NamedTuple):
    """What is wrong with a suggestion: in which answer (its label, or "" for the whole), what, and what to write instead."""

    label: str
    wrong: str
    instead: str = ""


@dataclass(frozen=True)
class Suggestion:
    """What somebody suggests, as typed: id of the record, wording now and new, why, where to check it, and where they work."""

    id: str
    current: str
    new: str
    why: str
    source: str
    sector: str


def form_fields(root: Path) -> tuple[FormField, ...]:
    """Return the questions of the form of the project `root`, in order; raise OSError if it has none."""
    form = yaml.safe_load((root / FORM).read_text("utf-8"))
    questions = [part for part in form["body"] if part["type"] != "markdown"]
    return tuple(FormField(part["id"], part["attributes"]["label"], "render" in part["attributes"]) for part in questions)


def read_suggestion(body: str, fields: Sequence[FormField]) -> Suggestion | Objection:
    """Return the suggestion in the text of an issue that the form `fields` made, or why it cannot be read."""
    if len(body) > MOST_IN_ALL:
        return Objection("", f"more than {MOST_IN_ALL:,} characters", "suggest one text at a time")
    labels = [field.label for field in fields]
    text = re.sub(r"\r\n?", "\n", body)
    lines, tokens = text.split("\n"), _BLOCKS.parse(text)
    headings = [(token.map[0], following.content) for token, following in pairwise(tokens) if token.tag == "h3" and token.map]
    headings = [(line, label) for line, label in headings if label in labels]
    if [label for _, label in headings] != labels:
        wrong = "the form's headings are not there once each, in their order"
        return Objection("", wrong, "fill in the form Suggest a change, leave its headings as they are, and write no line of ```")
    ends = [*(line for line, _ in headings[1:]), len(lines)]
    answers = {field.id: _answer(lines[line + 1 : end], field) for field, (line, _), end in zip(fields, headings, ends, strict=True)}
    return Suggestion(**answers)


def _answer(lines: Sequence[str], field: FormField) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    if field.fenced and (found := re.fullmatch(r"```.*\n((?:.*\n)*)```", text)):
        text = found[1]
    return "" if text == _EMPTY else text.strip()


def named_record(framework: Framework, typed: str, label: str = "") -> Key | Objection:
    """Return kind and id of the record that `typed`, the answer under `label`, names by id or address, or what is wrong with it."""
    wanted = normalised(typed).strip().strip(".[]()\"'`").casefold().removeprefix("recommendation ")
    if "/" in wanted and (address := _ADDRESS.fullmatch(wanted)):
        wanted = address[1] or address[2]
    wanted = re.split(r"[.:]\s", wanted)[0]
    instead = "write the id that ends its address, for example 2f, outcome or law/light-touch"
    if as_id(wanted) is None:
        return Objection(label, "no id of a record" if wanted else "no id", instead)
    if wanted == framework.report.id:
        return framework.report.kind, framework.report.id
    key = framework.resolve(wanted)
    if isinstance(key, str):
        wrong, _, better = key.partition("; ")
        return Objection(label, wrong, better if better.startswith(("did you mean", "it is", "write")) else instead)
    return key


def quoted_part(framework: Framework, key: Key | None, typed: str, labels: Mapping[str, str]) -> Part | Objection | None:
    """Return the part of the record `key` that `typed` quotes, or what is wrong with it; if `key` is None, which other records have it."""
    label = labels["current"]
    parts = find(wordings(framework, key), typed) if key else ()
    if key and parts:
        if len(parts) == 1:
            return parts[0]
        names = _several(f'"{called(part.wording.loc, key[0])}"' for part in parts)
        if len({part.wording for part in parts}) > 1:
            return Objection(label, f"this is in more than one text: {names}", "quote more of the one you mean")
        return Objection(label, f"this is more than once in {names}", "quote more of it, so that it fits only once")
    others: dict[str, str] = {}
    for other, record in framework.records.items() if len(typed.split()) >= _SHORTEST_ELSEWHERE else ():
        if other[0] in framework.classes or record is framework.report:
            record_id = id_of(framework, record)
            found = find(wordings(framework, other), typed)
            others |= {f'"{called(part.wording.loc, other[0])}" of {record_id}': record_id for part in found}
    if not others:
        return Objection(label, NOT_FOUND, "copy a text from below, or a sentence of one") if key else None
    ids = list(dict.fromkeys(others.values()))
    instead = f'write {ids[0] if len(ids) == 1 else "the one you mean"} under "{labels["id"]}"'
    return Objection(label, f"this is {'not in this record, but ' if key else ''}in {_several(others)}", instead)


def _several(names: Iterable[str]) -> str:
    """Return `names` as one says them, some of them if there are many."""
    every = list(dict.fromkeys(names))
    more = len(every) - _MOST_NAMED
    shown = [*every[:_MOST_NAMED], f"{more} more"] if more > 0 else every
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def objections(suggestion: Suggestion, labels: Mapping[str, str]) -> Iterator[Objection]:
    """Yield what is wrong with the answers of `suggestion`, whichever record they are about."""
    for name, label in labels.items():
        answer = getattr(suggestion, name)
        if len(answer) > MOST:
            yield Objection(label, f"{len(answer):,} characters", f"write at most {MOST:,}")
        if not answer and name in ("current", "new", "why"):
            yield Objection(label, "nothing is written", "write it")
    if found := UNSEEN.search(plain_characters(suggestion.new)):
        yield Objection(labels["new"], f"an invisible character (U+{ord(found[0]):04X})", "delete it and type the text again")
    yield from (Objection(labels["new"], wrong, instead) for wrong, instead in foreign(suggestion.new))


def personal_details(suggestion: Suggestion, labels: Mapping[str, str], published: Iterable[str]) -> Iterator[str]:
    """Yield, for the maintainer, which personal details `suggestion` seems to hold, and where; those in `published` texts are fine."""
    public = _details("\n".join(published))
    answers = {label: _details(" ".join(plain_characters(getattr(suggestion, name)).split())) for name, label in labels.items()}
    for what in public:
        where = [f'"{label}"' for label, details in answers.items() if details[what] - public[what]]
        if where:
            yield (
                f"The suggestion contains what looks like {what}. Check that it may be published before merging."
                f" It is under {_several(where)}."
            )


def _details(text: str) -> dict[str, set[str]]:
    """Return the e-mail addresses of `text`, and the last nine digits of its phone numbers."""
    numbers = (re.sub(r"\(0\)|\D", "", found[0]) for found in _PHONE.finditer(text))
    return {
        "an e-mail address": {found[0].casefold() for found in _MAIL.finditer(text)},
        "a phone number": {number[-9:] for number in numbers if 10 <= len(number) <= 15},
    }
