"""An issue that somebody filled in becomes a suggestion: which text of which record, how it should read, and all that is against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from macros.framework import Framework
from macros.index import Key
from macros.markup import as_id
from macros.pasted import foreign
from macros.sentences import GONE, passage
from macros.text import UNSEEN, normalised
from macros.ways import CUT, Wording

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
"""Where the form is, from the project's root."""

MOST, MOST_IN_ALL = 5_000, 65_536
"""How many characters one answer of the form may have, and the whole issue."""

_EMPTY = "_No response_"
_FENCE = "```"
_AS_A_FORM = "fill in the form Suggest a change, and leave its headings as they are"
_SHORTEST_CUT = 20
"""How many characters a wording that is cut must still have."""

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
_TYPED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def named_record(framework: Framework, typed: str, label: str = "") -> Key | Objection:
    """Return kind and id of the record that `typed`, the answer under `label`, names, or what is against it."""
    wanted = normalised(typed).strip().strip(".[]()\"'`").casefold().removeprefix("recommendation ")
    if "/" in wanted and (shown := _ADDRESS.fullmatch(wanted)):
        wanted = shown[1] or shown[2]
    instead = "write the id that ends its address, for example 2f, outcome or law/light-touch"
    if as_id(wanted) is None:
        return Objection(label, "no id of a record" if wanted else "no id", instead)
    if wanted == framework.report.id:
        return framework.report.kind, framework.report.id
    key = framework.resolve(wanted)
    if isinstance(key, str):
        wrong, _, better = key.partition("; ")
        return Objection(label, wrong, instead if better.startswith("link ") else better)
    return key


def meant(held: Sequence[Wording], typed: str, label: str = "") -> Wording | Objection:
    """Return the one of a record's wordings `held` that `typed`, the answer under `label`, is, or what is against it.

    White space does not count, and what a page does not show may be missing. A wording that ends with CUT may be the beginning
    of one.
    """
    wanted = _folded(typed)
    begins = wanted.removesuffix("…").removesuffix(CUT).rstrip()
    cut = begins != wanted and len(begins) >= _SHORTEST_CUT
    found = [w for w in held if wanted in (_folded(w.text), _shown(w.text))]
    found = found or [w for w in held if cut and any(text.startswith(begins) for text in (_folded(w.text), _shown(w.text)))]
    if len(found) == 1:
        return found[0]
    if found:
        return Objection(
            label, "it stands in the record more than once", "say under Why which one you mean; a maintainer will make the change"
        )
    return Objection(label, "no text of the record reads so; it may have been changed meanwhile", "copy one of its texts from below, whole")


def _folded(text: str) -> str:
    """Return `text` with white space folded, and without what a word processor makes of quotation marks and hyphens."""
    return " ".join(normalised(text).translate(_TYPED).split())


def _shown(text: str) -> str:
    return _folded(passage(text).shown.replace(GONE, ""))


def objections(suggestion: Suggestion, fields: Sequence[FormField]) -> Iterator[Objection]:
    """Yield all that is against the answers of `suggestion`, whichever record they are about."""
    labels = {field.id: field.label for field in fields}
    for name, label in labels.items():
        said = getattr(suggestion, name)
        if len(said) > MOST:
            yield Objection(label, f"{len(said):,} characters", f"write at most {MOST:,}")
        if (found := UNSEEN.search(said)) and name in ("id", "current", "new"):
            yield Objection(label, f"an invisible character (U+{ord(found[0]):04X})", "delete it and type the text again")
        if not said and name in ("current", "new", "why"):
            yield Objection(label, "nothing is written", "write it")
    yield from (Objection(labels["new"], *said) for said in refused(suggestion.new))
    if suggestion.new and _folded(suggestion.new) == _folded(suggestion.current):
        yield Objection(labels["new"], "the same as the wording now", "write how it should read instead")


def refused(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands in `text` that no text of a record may hold, and what to write instead."""
    yield from ((wrong, instead) for pattern, wrong, instead in _REFUSED if pattern.search(text))
    yield from foreign(text)


def can_be_tried(text: str) -> bool:
    """Return whether `text` can be put into a file at all, so that the rules for records can judge it."""
    return bool(text) and len(text) <= MOST and not UNSEEN.search(text)
