"""Read a suggestion from an issue: which text of which record, how it should read, and all that is against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from macros.framework import Framework
from macros.index import Key
from macros.markup import as_id
from macros.pasted import NO_WORDS, Vocabulary, foreign, plain_characters
from macros.quoted import Part, find
from macros.record import Record
from macros.text import UNSEEN, normalised
from macros.ways import Wording, id_of, wordings

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
"""Where the form is, from the project's root."""

MOST, MOST_IN_ALL = 5_000, 65_536
"""How many characters one answer of the form may have, and the whole issue."""

_EMPTY = "_No response_"
_FENCE = "```"
_AS_A_FORM = "fill in the form Suggest a change, and leave its headings as they are"
_MOST_NAMED = 8
"""How many texts one objection names."""

_SHORTEST_ELSEWHERE = 3
"""How many words must be quoted for other records to be searched for them."""

_REFUSED = (
    (re.compile(r"^[^\S\n]*(?:-{3,}|\+{3,})[^\S\n]*$", re.MULTILINE), "a line of dashes, as the head of a page has", "take the line out"),
    (
        re.compile(r"<(?:[a-zA-Z/!?])|&(?:#\w+|[a-z]\w*);"),
        "HTML",
        "write plain words; a link is written [words](https://...), and emphasis *word*",
    ),
    (re.compile(r"\{[{%#:]|[}%#]\}"), "the braces of a macro (Jinja)", "take them out; macros work in pages only"),
    (re.compile(r"(?<![\w.+-])@[\w-]"), "a name that begins with @", "write who is meant in words, and name no person"),
    (re.compile(r"!\["), "a picture", "describe in words what it shows; a record holds none"),
    (re.compile(r"^[^\S\n]*(?:`{3}|~{3})", re.MULTILINE), "a line of ``` or ~~~", "take it out; a record holds no code"),
)


class FormField(NamedTuple):
    """One question of the form: its id, its label, and whether GitHub puts the answer between two lines of ```."""

    id: str
    label: str
    fenced: bool


class Objection(NamedTuple):
    """What is against a suggestion: in which answer (its label, or "" for the whole), what is wrong, and what to write instead."""

    label: str
    wrong: str
    instead: str = ""


class NotFilledIn(ValueError):
    """The issue cannot be read as the form; `objections` say why."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__(f"{len(objections)} objections")
        self.objections = objections


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
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    return tuple(FormField(part["id"], part["attributes"]["label"], "render" in part["attributes"]) for part in asked)


def read_suggestion(body: str, fields: Sequence[FormField]) -> Suggestion:
    """Return the suggestion that the text of an issue holds, which the form `fields` made; raise NotFilledIn if it cannot be read."""
    if len(body) > MOST_IN_ALL:
        raise NotFilledIn(Objection("", f"more than {MOST_IN_ALL:,} characters", "suggest one text at a time"))
    lines = [line.rstrip() for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    heads = [f"### {field.label}" for field in fields]
    answers: dict[str, str] = {}
    at = next((n for n, line in enumerate(lines) if line), 0)
    for field, head, following in zip(fields, heads, [*heads[1:], None], strict=True):
        if at >= len(lines) or lines[at] != head:
            raise NotFilledIn(Objection("", f'no part "{field.label}" in its place', _AS_A_FORM))
        end = _end(lines, at + 1, following, fenced=field.fenced)
        if end is None:
            raise NotFilledIn(Objection(field.label, "we cannot see where the answer ends", _AS_A_FORM))
        answers[field.id] = _answer(lines[at + 1 : end], field, heads)
        at = end
    return Suggestion(**answers)


def _end(lines: Sequence[str], at: int, following: str | None, *, fenced: bool) -> int | None:
    """Return the line at which the answer that begins at line `at` ends: that of the `following` heading, or the last."""
    if following is None:
        return len(lines)
    opened = fenced and next((line for line in lines[at:] if line), "").startswith(_FENCE)
    before = ""
    for number in range(at, len(lines)):
        if lines[number] == following and (not opened or before == _FENCE):
            return number
        before = lines[number] or before
    return None


def _answer(lines: Sequence[str], field: FormField, heads: Sequence[str]) -> str:
    """Return the answer that `lines` hold; raise NotFilledIn if they could be read in two ways."""
    text = "\n".join(lines).strip("\n")
    if text == _EMPTY:
        return ""
    held = text.split("\n")
    if field.fenced and held[0].startswith(_FENCE) and held[-1] == _FENCE and len(held) > 1:
        held = held[1:-1]
        odd = next((line for line in held if line.startswith(_FENCE)), None)
    else:
        odd = next((line for line in held if line in heads), None)
    if odd is not None:
        wrong = "a line that the form itself uses, so that we cannot tell where the answer ends"
        raise NotFilledIn(Objection(field.label, wrong, f"take out the line that begins with {odd[:3]}"))
    return "\n".join(held).strip()


_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(?:[^#?\s]*/)?(?:[^#?/\s]*#([\w-]+)|([\w-]+)/)")
"""The address of a record, whole or in part: the id is its anchor, or its last folder."""
_NAMED = re.compile(r"([a-z0-9/-]+)\b.")
_TYPED = str.maketrans({"–": "-", "—": "-"})


def named_record(framework: Framework, typed: str, label: str = "") -> Key | Objection:
    """Return kind and id of the record that `typed`, the answer under `label`, names, or what is against it."""
    wanted = normalised(typed).strip().strip(".[]()\"'`").casefold().removeprefix("recommendation ")
    if "/" in wanted and (shown := _ADDRESS.fullmatch(wanted)):
        wanted = shown[1] or shown[2]
    instead = "write the id that ends its address, for example 2f, outcome or law/light-touch"
    if as_id(wanted) is None and (shown := _NAMED.match(wanted)):
        named = [
            record for record in framework.records.values() if record.kind in framework.classes and _is_called(record, wanted, shown[1])
        ]
        wanted = id_of(framework, named[0]) if len(named) == 1 else wanted
    if as_id(wanted) is None:
        return Objection(label, "no id of a record" if wanted else "no id", instead)
    if wanted == framework.report.id:
        return framework.report.kind, framework.report.id
    key = framework.resolve(wanted)
    if isinstance(key, str):
        wrong, _, better = key.partition("; ")
        return Objection(label, wrong, better if better.startswith(("did you mean", "it is", "write")) else instead)
    return key


def _is_called(record: Record, typed: str, first: str) -> bool:
    """Return whether `typed` is the name of `record`, or its id (the `first` word) and its name."""
    name = record.name.casefold()
    rest = typed.removeprefix(first).strip(" .:-–") if first == record.id else typed
    return rest in (name, name.removeprefix(record.id).strip(" ."))


def meant(
    held: Sequence[Wording], typed: str, label: str = "", named: Callable[[Wording], str] = lambda text: text.field
) -> Part | Objection:
    """Return what `typed`, the answer under `label`, quotes of the texts `held`, or what is against it.

    A whole text or part of one may be quoted. `named` says what people call a text; they may write that and a colon before it.
    """
    found = find(held, typed)
    for name in () if found else _names(held, named):
        if opening := re.match(rf"[\s\"'>*]*{re.escape(name)}[\"'*]*[ \t]*[:\n]", typed, re.IGNORECASE):
            rest = typed[opening.end() :]
            found = find([text for text in held if name in _names([text], named)], rest)
            if not found and (others := find(held, rest)):
                wrong = f'this is not in "{name}", but in {_listed(others, named)}'
                return Objection(label, wrong, "write it with the right name, or with none")
            break
    if len(found) == 1:
        return found[0]
    if len({part.wording for part in found}) > 1:
        instead = "quote more of the one you mean, or write its name and a colon before it"
        return Objection(label, f"this is in more than one text: {_listed(found, named)}", instead)
    if found:
        return Objection(label, f"this is more than once in {_listed(found, named)}", "quote more of it, so that it fits only once")
    lines = [line for line in typed.split("\n") if line.strip(" \t>")]
    each = [find(held, line) for line in lines] if 1 < len(lines) <= len(held) else []
    if each and all(each):
        several = _listed([parts[0] for parts in each], named)
        return Objection(label, f"this is not one text, but several: {several}", "suggest one at a time, each in an issue of its own")
    return Objection(label, "no text of this record reads like this; it may have changed", "copy a text from below, or a sentence of one")


def _names(held: Iterable[Wording], named: Callable[[Wording], str]) -> tuple[str, ...]:
    """Return what people call the texts `held`, the longest names first, with the names of the lists that they are in."""
    names = {name for text in held for name in (named(text), re.split(r"[,:]", named(text))[0])}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _listed(found: Iterable[Part], named: Callable[[Wording], str]) -> str:
    return _several(dict.fromkeys(f'"{named(part.wording)}"' for part in found))


def _several(names: Iterable[str]) -> str:
    """Return `names` as one says them, some of them if there are many."""
    every = list(names)
    more = len(every) - _MOST_NAMED
    shown = [*every[:_MOST_NAMED], f"{more} more"] if more > 0 else every
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def elsewhere(
    framework: Framework, key: Key | None, typed: str, called: Callable[[Wording, str], str], labels: dict[str, str]
) -> Objection | None:
    """Return which texts of other records than `key` hold what `typed` quotes, or None if there are none or it is too short."""
    if len(typed.split()) < _SHORTEST_ELSEWHERE:
        return None
    found: dict[str, str] = {}
    for other, record in framework.records.items():
        if other != key and (other[0] in framework.classes or record is framework.report):
            named = id_of(framework, record) if other[0] in framework.classes else record.id
            found |= {f'"{called(part.wording, other[0])}" of {named}': named for part in find(wordings(framework, other), typed)}
    if not found:
        return None
    ids = list(dict.fromkeys(found.values()))
    instead = f'write {ids[0]} under "{labels["id"]}"' if len(ids) == 1 else f'write the one you mean under "{labels["id"]}"'
    return Objection(labels["current"], f"this is {'in' if key is None else 'not in this record, but in'} {_several(found)}", instead)


def _folded(text: str) -> str:
    """Return `text` with white space folded, and without what a word processor makes of quotation marks and hyphens."""
    return " ".join(plain_characters(text).translate(_TYPED).split())


def objections(suggestion: Suggestion, fields: Sequence[FormField], known: Vocabulary = NO_WORDS) -> Iterator[Objection]:
    """Yield all that is against the answers of `suggestion`, whichever record they are about; `known` are the words of the records."""
    labels = {field.id: field.label for field in fields}
    for name, label in labels.items():
        said = getattr(suggestion, name)
        if len(said) > MOST:
            yield Objection(label, f"{len(said):,} characters", f"write at most {MOST:,}")
        if (found := UNSEEN.search(_readable(said))) and name in ("id", "current", "new"):
            yield Objection(label, f"an invisible character (U+{ord(found[0]):04X})", "delete it and type the text again")
        if not said and name in ("current", "new", "why"):
            yield Objection(label, "nothing is written", "write it")
    yield from (Objection(labels["new"], *said) for said in refused(suggestion.new, known))
    if suggestion.new and _folded(suggestion.new) == _folded(suggestion.current):
        yield Objection(labels["new"], "the same as the wording now", "write how it should read instead")


def refused(text: str, known: Vocabulary = NO_WORDS) -> Iterator[tuple[str, str]]:
    """Yield what stands in `text` that no text of a record may hold, and what to write instead."""
    plain = plain_characters(text)
    yield from ((wrong, instead) for pattern, wrong, instead in _REFUSED if pattern.search(plain))
    yield from foreign(text, known)


def _readable(text: str) -> str:
    """Return `text` without the characters that are laid out when it is pasted."""
    return plain_characters(text).replace("\f", "\n")


def can_be_tried(text: str) -> bool:
    """Return whether `text` can be put into a file at all, so that the rules for records can be asked there."""
    return bool(text.strip()) and len(text) <= MOST and not UNSEEN.search(_readable(text))


def visible(text: str) -> str:
    """Return `text` without the characters that nobody sees, so that the rules can be asked about the rest."""
    return UNSEEN.sub("", _readable(text))


_MAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]+(?:@|[ \t]*[\[(]at[\])][ \t]*)\w[\w-]*(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w/=#.,£$€-])(?:(?:\+|\(\+|00(?=[1-9]))\d{1,3}\)?[ .-]?(?:\(0\)[ .-]?)?(?:\(?\d{1,5}\)?[ .-]?){1,5}\d{2,}"
    r"|\(?0\d{2,4}\)?(?:[ .–-]?\d{2,8}){1,5})(?![\w/]|[.,-]\d)"
)
_NOT_A_PHONE = re.compile(
    r"(?:ISBN(?:-1[03])?|ISSN|DOI|(?:charity|company|reference|ref|order|invoice)\b[\w ]{0,20})[.:# ]*$", re.IGNORECASE
)
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_DATE = re.compile(r"\(?\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")


def personal_details(suggestion: Suggestion, fields: Sequence[FormField], published: Iterable[str]) -> Iterator[str]:
    """Yield, for the maintainer, which kinds of personal detail `suggestion` seems to hold, and where; `published` texts are fine."""
    labels: dict[str, list[str]] = {name: [] for name in ("an e-mail address", "a phone number", "a National Insurance number")}
    every = "\n".join(published)
    mails = {found[0].casefold() for found in _MAIL.finditer(every)}
    phones = {_digits(found) for found in _phones(every)}
    for field in fields:
        said = " ".join(plain_characters(getattr(suggestion, field.id)).split())
        held = {
            "an e-mail address": any(found[0].casefold() not in mails for found in _MAIL.finditer(said)),
            "a phone number": any(_digits(found) not in phones for found in _phones(said)),
            "a National Insurance number": _INSURANCE.search(said),
        }
        for what, there in held.items():
            labels[what] += [f'"{field.label}"'] if there else []
    for what, where in labels.items():
        if where:
            yield (
                f"The suggestion contains what looks like {what}. Check that it may be published before merging."
                f" It is under {_several(where)}."
            )


def _phones(text: str) -> Iterator[str]:
    for found in _PHONE.finditer(text):
        number = _digits(found[0])
        length = (10, 11) if number.startswith("0") else (9, 15)
        right = length[0] <= len(number) <= length[1] and number[:2] not in ("00", "04", "06")
        if right and not _NOT_A_PHONE.search(text[max(0, found.start() - 40) : found.start()]) and not _DATE.match(found[0]):
            yield found[0]


def _digits(number: str) -> str:
    """Return the digits of a phone number, a British one from its 0 on."""
    bare = re.sub(r"\(0\)", "", number)
    digits = re.sub(r"\D", "", bare)
    abroad = "+" in bare or digits.startswith("00")
    digits = digits.removeprefix("00") if abroad else digits
    return f"0{digits[2:]}" if abroad and digits.startswith("44") else digits
