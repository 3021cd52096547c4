"""Two wordings of one text, side by side: which words differ, and which sentences only stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MOST = 4000
"""How many words a text may have for its words to be compared one by one; of a longer one, all are said to differ."""

ALIKE = 0.4
"""How much two sentences must share (1: all) for single words to be marked; below that the whole is."""

_WRAP = re.compile(r"(?<=\S)\n(?! {4}| *(?:\n|[-+*#>|<`{]|\d+\.\s))(?: *)")
_SENTENCE = re.compile(r"\S[^\n]*?(?:[.?!][”’\")\]]*(?=\s|\Z)|(?=\n|\Z))|\s+")
_TOKEN = re.compile(r"\s+|[\w'’]+(?:-\w+)*|[^\w\s]")

Kind = Literal["same", "differs", "moved"]


class Piece(NamedTuple):
    """Some words of a text: the `same` in both wordings, only in this one (`differs`), or a whole sentence that `moved`."""

    kind: Kind
    text: str


class Wording(NamedTuple):
    """Both wordings of a text, in pieces."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def flow(text: str) -> str:
    """Return `text` with each paragraph on one line, as readers see it; lists, tables, headings and code keep their lines."""
    return _WRAP.sub(" ", "\n".join(line.rstrip() for line in text.strip().split("\n")))


def wording(old: str, new: str) -> Wording:
    """Return `old` and `new` in pieces, as they flow; sentences that stand in both are never taken apart."""
    before, after = _SENTENCE.findall(flow(old)), _SENTENCE.findall(flow(new))
    if max(len(before), len(after)) > MOST:
        return Wording((Piece("differs", flow(old)),), (Piece("differs", flow(new)),))
    (one, left), (two, right) = (_tokens(side, whole) for side, whole in zip((before, after), _whole(before, after), strict=True))
    if max(len(left), len(right)) > MOST:
        opcodes = [("replace", 0, len(left), 0, len(right))]
    else:
        matcher = SequenceMatcher(None, [one[n].text for n in left], [two[n].text for n in right], autojunk=False)
        opcodes = list(matcher.get_opcodes())
        words = [sum(not side[n].text.isspace() for n in numbers) for side, numbers in ((one, left), (two, right))]
        same = sum(not one[left[n]].text.isspace() for i, _, size in matcher.get_matching_blocks() for n in range(i, i + size))
        if 2 * same < ALIKE * sum(words):
            opcodes = [("replace", 0, len(left), 0, len(right))]
    for operation, i, j, k, m in opcodes:
        if operation != "equal":
            for side, numbers in ((one, left[i:j]), (two, right[k:m])):
                for number in numbers:
                    side[number] = Piece("differs", side[number].text)
    return Wording(tuple(_joined(one)), tuple(_joined(two)))


def _whole(before: Sequence[str], after: Sequence[str]) -> tuple[dict[int, Kind], dict[int, Kind]]:
    """Return, for each text, which of its sentences stand in both: in the same order, or moved."""
    kinds: tuple[dict[int, Kind], dict[int, Kind]] = {}, {}
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        kinds[0].update(dict.fromkeys(range(i, i + size), "same"))
        kinds[1].update(dict.fromkeys(range(j, j + size), "same"))
    places: dict[str, list[int]] = {}
    for j, sentence in enumerate(after):
        if j not in kinds[1] and sentence.strip():
            places.setdefault(sentence, []).append(j)
    for i, sentence in enumerate(before):
        if i not in kinds[0] and places.get(sentence):
            kinds[0][i] = kinds[1][places[sentence].pop(0)] = "moved"
    for side, sentences in zip(kinds, (before, after), strict=True):
        side.update((n, "same") for n, sentence in enumerate(sentences) if not sentence.strip())
    return kinds


def _tokens(sentences: Sequence[str], whole: Mapping[int, Kind]) -> tuple[list[Piece], list[int]]:
    """Return the sentences in pieces, those of `whole` in one each, and which pieces are words to compare."""
    pieces: list[Piece] = []
    compared: list[int] = []
    for number, sentence in enumerate(sentences):
        if number in whole:
            pieces.append(Piece(whole[number], sentence))
        else:
            words = _TOKEN.findall(sentence)
            compared += range(len(pieces), len(pieces) + len(words))
            pieces += [Piece("same", word) for word in words]
    return pieces, compared


def _joined(side: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces of `side` with neighbours of one kind made one; a lone space or short word between two that differ joins them."""
    runs: list[tuple[Kind, str]] = []
    for kind, text in side:
        if runs and runs[-1][0] == kind != "moved":
            runs[-1] = kind, runs[-1][1] + text
        else:
            runs.append((kind, text))
    merged: list[tuple[Kind, str]] = []
    for number, (kind, text) in enumerate(runs):
        between = 0 < number < len(runs) - 1 and runs[number - 1][0] == runs[number + 1][0] == "differs"
        if kind == "same" and between and len(text.strip()) <= 3 and "\n" not in text:
            kind = "differs"
        if merged and merged[-1][0] == kind == "differs":
            merged[-1] = kind, merged[-1][1] + text
        else:
            merged.append((kind, text))
    for kind, text in merged:
        core = text.strip()
        if kind != "differs" or not core:
            yield Piece("same" if not core else kind, text)
            continue
        start = text.index(core)
        around = (Piece("same", text[:start]), Piece(kind, core), Piece("same", text[start + len(core) :]))
        yield from (piece for piece in around if piece.text)
