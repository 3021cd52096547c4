"""Compare two texts word by word, and pair the items of two lists."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_SIMILAR = 0.4  # texts with a smaller share of common words (1: all) are marked as entirely different
_SAME_ITEM = 0.5  # the share of words that two items must have in common to be the same item, reworded
_WRAP = re.compile(r"(?<=\S)\n(?! {4}| *(?:\n|[-+*#>|<`{]|\d+\.\s))(?: *)")
_TOKEN = re.compile(r"([\w'’]+(?:-\w+)*|[^\w\s])(\s*)")


class Piece(NamedTuple):
    """Some words of a text, and whether the other text lacks them."""

    text: str
    differs: bool


def flow(text: str) -> str:
    """Return `text` with each paragraph on one line; lists, tables, headings and code keep their lines."""
    return _WRAP.sub(" ", "\n".join(line.rstrip() for line in text.strip().split("\n")))


def word_diff(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, with the words that differ marked."""
    old, new = (_TOKEN.findall(flow(text)) for text in (before, after))
    matcher = SequenceMatcher(None, [word for word, _ in old], [word for word, _ in new], autojunk=False)
    same = matcher.get_matching_blocks() if matcher.ratio() >= _SIMILAR else []
    kept_old = {i + n for i, _, size in same for n in range(size)}
    kept_new = {j + n for _, j, size in same for n in range(size)}
    return tuple(_pieces(old, kept_old)), tuple(_pieces(new, kept_new))


def _pieces(tokens: Sequence[tuple[str, str]], kept: set[int]) -> Iterator[Piece]:
    """Yield the pieces of one text; spaces after the last word that differs are not marked."""
    for differs, group in groupby(range(len(tokens)), key=lambda n: n not in kept):
        text = "".join("".join(tokens[n]) for n in group)
        words = text.rstrip() if differs else text
        yield Piece(words, differs)
        if words != text:
            yield Piece(text[len(words) :], differs=False)


def match(
    old: Sequence[T], new: Sequence[T], *, name: Callable[[T], Hashable] | None = None, words: Callable[[T], str] | None = None
) -> dict[int, int]:
    """Return the place in `old` of each item of `new` by its place: equal items, then of the same `name`, then with `words` most alike."""
    pairs: dict[int, int] = {}
    left, right = dict.fromkeys(range(len(old))), dict.fromkeys(range(len(new)))

    def pair(i: int, j: int) -> None:
        if i in left and j in right:
            pairs[j] = i
            del left[i], right[j]

    keys: list[Callable[[T], Hashable]] = [repr, name] if name else [repr]
    for key in keys:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j in right:
            places[key(new[j])].append(j)
        for i in tuple(left):
            if key(old[i]) is not None and places[key(old[i])]:
                pair(i, places[key(old[i])].pop(0))
    if words is not None:
        before, after = {i: _count(words(old[i])) for i in left}, {j: _count(words(new[j])) for j in right}
        for share, i, j in sorted((-_shared(before[i], after[j]), i, j) for i in left for j in right):
            if -share >= _SAME_ITEM:
                pair(i, j)
    return dict(sorted(pairs.items()))


def _count(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _shared(one: Counter[str], two: Counter[str]) -> float:
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0
