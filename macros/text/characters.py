"""Find the characters that text must not have: invisible ones, and those that the fonts lack."""

from __future__ import annotations

import functools
import re
import unicodedata

from macros.text.fonts import look_alikes, unprintable_characters
from macros.text.normalisation import INVISIBLE, character_name, normalised
from macros.text.segmentation import Decoded, decoded

_LOOSE_ACCENT = re.compile(r"(?:(?<![^\W\d_])(?<![\u0300-\u036f])|(?<=[\u0300-\u036f]{2}))[\u0300-\u036f]")
"""A combining accent that follows no letter, or the third one on a letter."""


@functools.lru_cache(maxsize=50_000)
def invalid_characters(text: str, *, entities: bool = True, printed: bool = True) -> tuple[tuple[int, str, str], ...]:
    """Return each character of `text` that is not allowed: where (from 0), what is wrong, and what to type instead.

    An entity counts as its character, unless `entities` is false. Text that is not `printed` may have characters that the typeface lacks.
    """
    read = decoded(text) if entities else Decoded(text, text)
    found = {at: (wrong, instead) for at, wrong, instead in (unprintable_characters if printed else look_alikes)(read.shown)}
    for invisible in INVISIBLE.finditer(read.shown):
        found[invisible.start()] = f"an invisible character, {character_name(invisible[0])}", "delete it and type the text again"
    for accent in _LOOSE_ACCENT.finditer(read.shown):
        name = character_name(accent[0])
        found[accent.start()] = f"a loose accent, {name}", "type the letter with its accent, or leave the accent out"
    typed = {at: text[start:end] for at, start, end in read.entities}
    for at in typed:
        character = read.shown[at]
        if at not in found and unicodedata.combining(character):
            found[at] = f"the character {character_name(character)}", "type the letter with its accent"
        elif at not in found and normalised(character) != character:
            found[at] = f"the character {character_name(character)}", f"write {normalised(character)}"
    return tuple(
        (read.place(at), f"{typed[at]} stands for {wrong}" if at in typed else wrong, instead)
        for at, (wrong, instead) in sorted(found.items())
    )
