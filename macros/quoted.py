"""Find the words that somebody quotes in the texts of a record, and put other words in their place."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from macros.fields import LONGEST
from macros.pasted import Vocabulary, is_list, laid_out, plain_characters
from macros.sentences import GONE, blocks, passage, sentences
from macros.ways import Wording

_SHORTEST = 3
"""How many letters a quoted part must have."""

_SHORTEST_CUT = 20
"""How many characters must be left of a text of which the end is left out."""

_MOST_PIECES = 10
"""Into how many pieces quoted words may fall where some are left out."""

_CUT = re.compile(r"\s*[\[(]?(?:\.{3,}|…)[\])]?\s*")
_LIST_MARK = re.compile(r"^[ \t>]*(?:[-*+•]|\(?\d{1,3}[.)])[ \t]+", re.MULTILINE)
_MARKED = re.compile(r"\[\[[^\[\]\n]*\]\]|\[[^\[\]]*\]\([^()\s]*\)|(?<![\w*])\*[^*\n]+\*(?![\w*])|`[^`\n]+`")
"""What the marks of a link, of emphasis or of code stand round."""

_STOP = re.compile(r"[.?!:;…][\"')\]*_]*$")
_CLOSERS = {'"': '"', "(": ")", "[": "]", "'": "'"}
_ITEM_MARK = re.compile(r"([ \t]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)")


class MisfitError(ValueError):
    """The new words cannot stand where the quoted ones do: what is wrong, and what to do."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.wrong, self.instead = wrong, instead


class Part(NamedTuple):
    """Where quoted words stand: in which text, from which character up to which."""

    wording: Wording
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the words as the record has them."""
        return self.wording.text[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Return whether they are the whole text."""
        return not (self.wording.text[: self.start].strip() or self.wording.text[self.end :].strip())


class _Letters(NamedTuple):
    """The letters and digits of a text in small letters, and where each stands."""

    said: str
    at: tuple[int, ...]


class _Unit(NamedTuple):
    """One sentence of a text: from where to where, with its stop and quotation marks, and whether it is in an item of a list."""

    start: int
    end: int
    item: bool


def letters(text: str) -> str:
    """Return what counts when texts are compared: letters and digits, without capitals, accents, marks and white space."""
    return _letters(_LIST_MARK.sub("", text)).said


def find(held: Sequence[Wording], typed: str) -> tuple[Part, ...]:
    """Return each place in the texts `held` that `typed` quotes: whole texts, or, if there is none, parts.

    Only letters and digits count, and what a page does not show may be missing. Words may be left out at the beginning, in
    the middle or at the end, if dots stand there.
    """
    quoted = plain_characters(typed).strip()
    if not letters(quoted) or len(quoted) > LONGEST:
        return ()
    whole = [wording for wording in held if letters(quoted) in {reading.said for reading in _readings(wording.text)}]
    exact = [wording for wording in whole if " ".join(quoted.split()) == " ".join(plain_characters(wording.text).split())]
    whole = exact if len(exact) == 1 else whole
    if whole:
        return tuple(Part(wording, 0, len(wording.text)) for wording in whole)
    pieces = [letters(piece) for piece in _CUT.split(quoted)]
    if len(pieces) == 1:
        return tuple(part for wording in held for part in _parts(wording, pieces[0]))
    if len("".join(pieces)) < _SHORTEST_CUT - 5 or len(pieces) > _MOST_PIECES:
        return ()
    return tuple(part for wording in held for part in _cut(wording, pieces))


@functools.lru_cache(maxsize=20_000)
def _readings(text: str) -> tuple[_Letters, _Letters]:
    """Return the letters of `text` as it is shown, and as it is typed in the file, without the marks of lists."""
    shown, typed = (_LIST_MARK.sub(lambda found: GONE * len(found[0]), mask) for mask in (passage(text).shown, text))
    return _letters(text, shown), _letters(text, typed)


def _letters(text: str, mask: str = "") -> _Letters:
    said, at = [], []
    for place, character in enumerate(text):
        if not mask or mask[place] != GONE:
            for letter in unicodedata.normalize("NFKD", character).casefold():
                if letter.isalnum():
                    said.append(letter)
                    at.append(place)
    return _Letters("".join(said), tuple(at))


def _places(wording: Wording, wanted: str) -> list[tuple[int, int]]:
    """Return from where to where the letters `wanted` stand in the text, as whole words."""
    found: dict[tuple[int, int], None] = {}
    text = wording.text
    for said, at in _readings(text):
        start = said.find(wanted)
        while start >= 0:
            first, last = at[start], at[start + len(wanted) - 1]
            if not text[first - 1 : first].isalnum() and not text[last + 1 : last + 2].isalnum():
                found[first, last + 1] = None
            start = said.find(wanted, start + 1)
    return [one for one in found if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in found)]


def _parts(wording: Wording, wanted: str) -> Iterator[Part]:
    if len(wanted) >= _SHORTEST:
        for start, end in _places(wording, wanted):
            yield Part(wording, *_rounded(wording.text, start, end))


def _cut(wording: Wording, pieces: Sequence[str]) -> Iterator[Part]:
    """Yield the place at which `pieces` follow one another; a piece left out at an end reaches to the end of its sentence.

    The beginning of a text with dots behind it is the whole text.
    """
    ranges = [_places(wording, piece) for piece in pieces if piece]
    if not all(ranges):
        return
    start, end = ranges[0][0]
    units = _units(wording.text)
    for places in ranges[1:]:
        following = [place for place in places if place[0] >= end]
        if not following:
            return
        ends = [
            place for place in following if any(place[1] <= unit.end and not letters(wording.text[place[1] : unit.end]) for unit in units)
        ]
        end = (ends if places is ranges[-1] and ends else following)[0][1]
    if pieces[-1] == "" and not letters(wording.text[:start]):
        yield Part(wording, 0, len(wording.text))
        return
    if pieces[0] == "":
        start = max((unit.start for unit in units if unit.start <= start), default=start)
    if pieces[-1] == "":
        end = min((unit.end for unit in units if unit.end >= end), default=end)
    yield Part(wording, *_rounded(wording.text, start, end))


def _units(text: str) -> list[_Unit]:
    found: list[_Unit] = []
    for block in blocks(passage(text).shown):
        starts = [_opened(text, sentence.start, block.start) for sentence in sentences(block)]
        for at, start in enumerate(starts):
            end = starts[at + 1] if at + 1 < len(starts) else block.start + len(block.shown)
            found.append(_Unit(start, start + len(text[start:end].rstrip()), block.kind == "item"))
    return found


def _opened(text: str, start: int, least: int) -> int:
    """Return where the word begins at which `start` is, with the marks that open before it."""
    while start > least and not text[start - 1].isspace():
        start -= 1
    return start


def _rounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` so that they take in whole marks, and the stop if whole sentences stand between them."""
    for found in _MARKED.finditer(text):
        inside = found.start() < start and end < found.end() and (start > found.start() + 3 or end < found.end() - 3)
        if found.start() < end and start < found.end() and not inside:
            start, end = min(start, found.start()), max(end, found.end())
    units = _units(text)
    first = next((unit for unit in units if not letters(text[unit.start : start]) and unit.start <= start < unit.end), None)
    last = next((unit for unit in units if not letters(text[end : unit.end]) and unit.start < end <= unit.end), None)
    if first and last:
        return first.start, last.end
    for opener, closer in _CLOSERS.items():
        unclosed = text[start:end].count(opener) - (text[start:end].count(closer) if opener != closer else 0)
        end += text[end : end + 1] == closer and unclosed == 1
    return start, end


def replaced(part: Part, quoted: str, new: str, known: Vocabulary) -> tuple[str, Part]:
    """Return the text in which `new` stands in place of `part`, which somebody `quoted`, and the part that was replaced at last.

    If `new` repeats the sentences next to the part, or the rest of its sentence, these are replaced, too. Raise MisfitError
    if it cannot stand there.
    """
    wording, text = part.wording, part.wording.text
    put = laid_out(new, known) if wording.prose else " ".join(plain_characters(new).split())
    put = _unwrapped(put, part.text)
    part = _widened(part, put)
    if part.whole:
        return put, part
    before, after = text[: part.start], text[part.end :]
    units = _units(text)
    phrase = not (any(unit.start == part.start for unit in units) and any(unit.end == part.end for unit in units))
    sentence = put[:1].isupper() and _STOP.search(put) and not _STOP.search(quoted.strip())
    if phrase and sentence and part.text[:1].islower() and len(put.split()) > len(part.text.split()) + 3:
        wrong = "a whole sentence, but the wording now quotes only part of one"
        raise MisfitError(wrong, "quote the whole sentence, or write only the words that replace the part")
    item = next((unit for unit in units if unit.start <= part.start < unit.end and unit.item), None)
    if item:
        return _in_item(before, put, after, part, quoted), part
    if is_list(put) or "\n\n" in put:
        if phrase:
            raise MisfitError("a list or several paragraphs, but the wording now quotes part of a sentence", "quote the whole sentence")
        opens = "\n\n" if _ITEM_MARK.match(put) else _space(before)
        closes = "\n\n" if _ITEM_MARK.match(put.rpartition("\n")[2]) else _space(after)
        return f"{before.rstrip()}{opens if before.strip() else ''}{put}{closes if after.strip() else ''}{after.lstrip()}", part
    return before + _fitted(put, quoted, part, after, phrase=phrase) + after, part


def _space(text: str) -> str:
    """Return what parts the new words from `text`: an empty line if there is one at its end or beginning."""
    return "\n\n" if re.match(r"[ \t]*\n[ \t]*\n", text) or re.search(r"\n[ \t]*\n[ \t]*\Z", text) else "\n"


def _unwrapped(put: str, old: str) -> str:
    """Return `put` without the quotation marks round all of it, if `old` has none."""
    if len(put) > 2 and put[0] == put[-1] == '"' and put.count('"') == 2 and not (old[:1] == '"' and old[-1:] == '"'):
        return put[1:-1].strip()
    return put


def _widened(part: Part, put: str) -> Part:
    """Return `part` with the rest of its sentence, and the sentences next to it, which `put` repeats."""
    text, said = part.wording.text, letters(put)
    units = _units(text)
    start, end = part.start, part.end
    first = next((at for at, unit in enumerate(units) if unit.start <= start < unit.end), None)
    last = next((at for at, unit in enumerate(units) if unit.start < end <= unit.end), None)
    if first is None or last is None:
        return part
    left, right = letters(text[units[first].start : start]), letters(text[end : units[last].end])
    if len(left + right) >= _SHORTEST and said.startswith(left) and said.endswith(right) and len(said) > len(left + right):
        start, end = units[first].start, units[last].end
    if (start, end) != (units[first].start, units[last].end):
        return part._replace(start=start, end=end)

    def repeated(at: int) -> bool:
        one = letters(text[units[at].start : units[at].end]) if 0 <= at < len(units) else ""
        return len(one) >= _SHORTEST_CUT and one in said

    while repeated(first - 1):
        first -= 1
    while repeated(last + 1):
        last += 1
    return part._replace(start=min(start, units[first].start), end=max(end, units[last].end))


def _in_item(before: str, put: str, after: str, part: Part, quoted: str) -> str:
    """Return the text with `put` in place of an item of a list, or of part of one."""
    lines = put.split("\n")
    if all(_ITEM_MARK.match(line) for line in lines):
        opening = before.rpartition("\n")[2]
        if len(lines) > 1 and (not _ITEM_MARK.fullmatch(opening) or after[:1] not in ("", "\n")):
            raise MisfitError("a list, but the wording now quotes part of an item of a list", "quote the whole item")
        depth = " " * (len(opening) - len(opening.lstrip()))
        return before + _ITEM_MARK.sub("", lines[0], count=1) + "".join(f"\n{depth}{line}" for line in lines[1:]) + after
    if "\n\n" in put:
        raise MisfitError("several paragraphs, but the wording now quotes an item of a list", "write one item, or quote the whole text")
    return before + _fitted(" ".join(lines), quoted, part, after, phrase=not _STOP.search(part.text)) + after


def _fitted(put: str, quoted: str, part: Part, after: str, *, phrase: bool) -> str:
    """Return `put` with the capital and the stop that it must have where `part` stood."""
    old, typed = part.text, plain_characters(quoted).strip(" \n\"'>")
    if old[:1].isupper() and typed[:1].islower() and put[:1].islower():
        put = put[0].upper() + put[1:]
    elif old[:1].islower() and typed[:1].isupper() and put[:1].isupper() and put.split()[0].casefold() == typed.split()[0].casefold():
        put = put[0].lower() + put[1:]
    if not phrase:
        stop = re.search(r"[.?!:;…]+[\"')\]*_]*$", old)
        return put if not stop or _STOP.search(put) else put + re.sub(r"[\"')\]*_]", "", stop[0])
    if put.endswith(".") and not typed.endswith(".") and not old.endswith("."):
        put = put[:-1]
    if after[:1] in (",", ";", ":", ".", "?") and put.endswith(after[0]):
        put = put[:-1]
    return put
