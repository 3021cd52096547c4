"""Which item of one list is which of another: the same, the same with other words, or in another place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")
ENOUGH = 0.5
"""How many words in two items of a list must be the same (1: all) for one to be the other, reworded."""

MOST = 250_000
"""How many pairs of items are looked at for likeness; of longer lists, what has neither words nor a name in common is new."""


class Matching(NamedTuple):
    """Positions (from 0) in an old and a new list: `pairs` of both, what is `gone`, what is `fresh`, and which new ones have `moved`."""

    pairs: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    fresh: tuple[int, ...]
    moved: frozenset[int]


def likeness(one: str, two: str) -> float:
    """Return how many words of two texts are the same, from 0 (none) to 1 (all), in whatever order."""
    return _shared(_words(one), _words(two))


def matched(
    old: Sequence[T],
    new: Sequence[T],
    *,
    name: Callable[[T], Hashable] | None = None,
    words: Callable[[T], str] | None = None,
    enough: float = ENOUGH,
) -> Matching:
    """Return which of `old` is which of `new`: equal items first, then those of one `name`, then those most alike in `words`."""
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))

    def pair(one: Callable[[T], Hashable]) -> None:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j in right:
            if one(new[j]) is not None:
                places[one(new[j])].append(j)
        for i in tuple(left):
            if found := places.get(one(old[i])):
                pairs.append((i, found.pop(0)))
                left.remove(i)
                right.remove(pairs[-1][1])

    pair(lambda item: item if isinstance(item, Hashable) else repr(item))
    if name is not None:
        pair(name)
    if words is not None and 0 < len(left) * len(right) <= MOST:
        before, after = {i: _words(words(old[i])) for i in left}, {j: _words(words(new[j])) for j in right}
        alike = ((_shared(before[i], after[j]), i, j) for i in left for j in right)
        for share, i, j in sorted((found for found in alike if found[0] >= enough), key=lambda found: (-found[0], *found[1:])):
            if share and i in left and j in right:
                pairs.append((i, j))
                left.remove(i)
                right.remove(j)
    pairs.sort()
    return Matching(tuple(pairs), tuple(left), tuple(right), frozenset(j for _, j in pairs) - _longest_run([j for _, j in pairs]))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _shared(one: Counter[str], two: Counter[str]) -> float:
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0


def _longest_run(numbers: Sequence[int]) -> frozenset[int]:
    """Return the most of `numbers` that stand in rising order."""
    ends: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
        lasts[at : at + 1] = [position]
        before.append(lasts[at - 1] if at else -1)
    run, position = set(), lasts[-1] if lasts else -1
    while position >= 0:
        run.add(numbers[position])
        position = before[position]
    return frozenset(run)
