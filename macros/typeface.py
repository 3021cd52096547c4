"""The typeface of printed documents: its files, and the characters that it lacks."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

TYPEFACE = "Source Sans Pro"
_PACKAGE = "font_source_sans_pro"
_FACES = ("Regular", "It", "Bold", "BoldIt")
_ASK = re.compile(r"[^\n\x20-\x7e\xa0-\xac\xae-\xff–—‘’“”…]")
"""Any character that is not one of the everyday ones, which every face has; only these are worth opening the files for."""


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic; raise ModuleNotFoundError if it is not installed."""
    found = find_spec(_PACKAGE)
    if found is None or not found.origin:
        raise ModuleNotFoundError(_PACKAGE)
    return tuple(Path(found.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in _FACES)


def lacking(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each character of `text` that some face lacks: where it stands (from 0), what is wrong, and what to type instead."""
    for found in _ASK.finditer(text):
        if ord(found[0]) not in _characters():
            name = unicodedata.name(found[0], "without a name").lower()
            wrong = f"the character U+{ord(found[0]):04X} ({name}), which printed guides cannot show"
            yield found.start(), wrong, "write it in words or plain letters"


@functools.cache
def _characters() -> frozenset[int]:
    """Return the characters that every face has."""
    from fontTools.ttLib import TTFont  # only a character that is not an everyday one needs it

    held = []
    for face in faces():
        with TTFont(face, lazy=True) as font:
            held.append(frozenset(font["cmap"].getBestCmap()))
    return frozenset.intersection(*held)
