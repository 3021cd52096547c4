"""Find the characters that text must not have: invisible ones, loose accents, and those that the fonts lack."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from macros.text.fonts import lacking, strange
from macros.text.normalisation import UNSEEN, named, normalised
from macros.text.segmentation import Decoded, decoded

_LOOSE_ACCENT = re.compile(r"(?:(?<![^\W\d_])(?<![\u0300-\u036f])|(?<=[\u0300-\u036f]{2}))[\u0300-\u036f]")
"""A combining accent that follows no letter, or the third on one letter."""


@functools.lru_cache(maxsize=50_000)
def faults(text: str, *, entities: bool = True, printed: bool = True) -> tuple[tuple[int, str, str], ...]:
    """Return each character of `text` that is not allowed: where (from 0), what is wrong, and what to type instead.

    An entity counts as its character, unless `entities` is false. Text that is not `printed` may have characters that the typeface lacks.
    """
    read = decoded(text) if entities else Decoded(text, text)
    found = {at: (wrong, instead) for at, wrong, instead in (*(lacking if printed else strange)(read.shown), *_invisible(read.shown))}
    typed = {at: text[start:end] for at, start, end in read.entities}
    for at in typed:
        character, accent = read.shown[at], unicodedata.combining(read.shown[at])
        if at not in found and (accent or normalised(character) != character):
            instead = "type the letter with its accent" if accent else f"write {normalised(character)}"
            found[at] = f"the character {named(character)}", instead
    return tuple(
        (read.place(at), f"{typed[at]} stands for {wrong}" if at in typed else wrong, instead)
        for at, (wrong, instead) in sorted(found.items())
    )


def _invisible(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the invisible characters of `text`, and the accents that belong to no letter."""
    if not text.isascii() or not text.isprintable():
        for found in UNSEEN.finditer(text):
            yield found.start(), f"an invisible character, {named(found[0])}", "delete it and type the text again"
        for found in _LOOSE_ACCENT.finditer(text):
            yield found.end() - 1, f"a loose accent, {named(found[0][-1])}", "type the letter with its accent, or leave the accent out"
