"""Characters that text must not hold: unseen ones, loose accents, and those that the fonts lack."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from macros.text.fonts import lacking, strange
from macros.text.normalisation import UNSEEN, named, normalised
from macros.text.segmentation import decoded

_LOOSE = re.compile(r"(?:(?<![^\W\d_])(?<![\u0300-\u036f])|(?<=[\u0300-\u036f]{2}))[\u0300-\u036f]")
"""A combining accent that follows no letter, or the third on one."""


@functools.lru_cache(maxsize=50_000)
def faults(text: str, *, entities: bool = True, printed: bool = True) -> tuple[tuple[int, str, str], ...]:
    """Return each character of `text` that must not stand there: where (from 0), what is wrong, and what to type instead.

    An entity counts as its character unless `entities` is false, as in a line that is shown as typed. What is not `printed` may hold
    characters that the typeface lacks.
    """
    return tuple(_faults(text, entities=entities, printed=printed))


def _faults(text: str, *, entities: bool, printed: bool) -> Iterator[tuple[int, str, str]]:
    held = decoded(text) if entities else None
    shown = held.shown if held else text
    found = {at: (wrong, instead) for at, wrong, instead in (*(lacking if printed else strange)(shown), *_unclear(shown))}
    for at, (wrong, instead) in sorted(found.items()):
        if held and (entity := held.entity(at)):
            yield held.place(at), f"{entity} stands for {wrong}", instead
        else:
            yield (held.place(at) if held else at), wrong, instead
    for at, start, end in held.entities if held else ():
        plain = normalised(shown[at])
        accent = unicodedata.combining(shown[at])
        if at not in found and (accent or plain != shown[at]):
            instead = "type the letter with its accent" if accent else f"write {plain}"
            yield start, f"{text[start:end]} stands for the character {named(shown[at])}", instead


def _unclear(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the characters of `text` that nobody sees, and accents that belong to no letter."""
    if not text.isascii() or not text.isprintable():
        for found in UNSEEN.finditer(text):
            yield found.start(), f"an invisible character, {named(found[0])}", "delete it and type the text again"
        for found in _LOOSE.finditer(text):
            yield found.end() - 1, f"a loose accent, {named(found[0][-1])}", "type the letter with its accent, or leave the accent out"
