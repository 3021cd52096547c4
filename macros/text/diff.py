"""Compare two texts word by word, and pair the items of two lists."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

MOST_WORDS = 4000
"""Longer texts are not compared word by word."""

MOST_PAIRS = 250_000
"""Longer lists are not searched for similar items."""

SIMILAR = 0.4
"""Texts with a smaller share of common words (1: all) are marked as entirely different."""

SAME_ITEM = 0.5
"""The share of words (1: all) that two items must have in common to be the same item, reworded."""

_WRAP = re.compile(r"(?<=\S)\n(?! {4}| *(?:\n|[-+*#>|<`{]|\d+\.\s))(?: *)")
_TOKEN = re.compile(r"([\w'’]+(?:-\w+)*|[^\w\s])(\s*)")


class Piece(NamedTuple):
    """Some words of a text, and whether the other text lacks them."""

    text: str
    differs: bool


class Matching(NamedTuple):
    """Positions in an old and a new list: `pairs` of both, those only in the old (`gone`), and those only in the new (`added`)."""

    pairs: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    added: tuple[int, ...]


def flow(text: str) -> str:
    """Return `text` with each paragraph on one line; lists, tables, headings and code keep their lines."""
    return _WRAP.sub(" ", "\n".join(line.rstrip() for line in text.strip().split("\n")))


def word_diff(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, with the words that differ marked."""
    old, new = (_TOKEN.findall(flow(text)) for text in (before, after))
    matcher = SequenceMatcher(None, [word for word, _ in old], [word for word, _ in new], autojunk=False)
    if max(len(old), len(new)) > MOST_WORDS or matcher.ratio() < SIMILAR:
        return tuple(_pieces(old, [True] * len(old))), tuple(_pieces(new, [True] * len(new)))
    differs: tuple[list[bool], list[bool]] = ([], [])
    for operation, i, j, k, m in matcher.get_opcodes():
        differs[0].extend([operation != "equal"] * (j - i))
        differs[1].extend([operation != "equal"] * (m - k))
    return tuple(_pieces(old, differs[0])), tuple(_pieces(new, differs[1]))


def _pieces(tokens: Sequence[tuple[str, str]], differs: Sequence[bool]) -> Iterator[Piece]:
    """Yield the pieces of one text; spaces after the last word that differs are not marked."""
    for marked, group in groupby(zip(differs, tokens, strict=True), key=lambda pair: pair[0]):
        text = "".join(word + space for _, (word, space) in group)
        words = text.rstrip() if marked else text
        yield Piece(words, marked)
        if words != text:
            yield Piece(text[len(words) :], differs=False)


def match(
    old: Sequence[T],
    new: Sequence[T],
    *,
    name: Callable[[T], Hashable] | None = None,
    words: Callable[[T], str] | None = None,
    enough: float = SAME_ITEM,
) -> Matching:
    """Pair equal items of two lists first, then items with the same `name`, then those whose `words` are most alike."""
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))

    def pair(key: Callable[[T], Hashable]) -> None:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j in right:
            places[key(new[j])].append(j)
        for i in tuple(left):
            if key(old[i]) is not None and (found := places.get(key(old[i]))):
                pairs.append((i, found.pop(0)))
                left.remove(i)
                right.remove(pairs[-1][1])

    pair(lambda item: item if isinstance(item, Hashable) else repr(item))
    if name is not None:
        pair(name)
    if words is not None and 0 < len(left) * len(right) <= MOST_PAIRS:
        before, after = {i: _words(words(old[i])) for i in left}, {j: _words(words(new[j])) for j in right}
        alike = ((_shared(before[i], after[j]), i, j) for i in left for j in right)
        for _, i, j in sorted((found for found in alike if found[0] >= enough), key=lambda found: (-found[0], *found[1:])):
            if i in left and j in right:
                pairs.append((i, j))
                left.remove(i)
                right.remove(j)
    return Matching(tuple(sorted(pairs)), tuple(left), tuple(right))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _shared(one: Counter[str], two: Counter[str]) -> float:
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0
