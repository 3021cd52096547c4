"""The typeface of printed documents: its files, and the characters that it lacks."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from macros.text.normalisation import character_name

TYPEFACE = "Source Sans Pro"
_PACKAGE = "font_source_sans_pro"
_FACES = ("Regular", "It", "Bold", "BoldIt")
_UNCOMMON = re.compile(r"[^\n\x20-\x7e\xa0-\xac\xae-\xff–—‘’“”…]")
"""Any character but the common ones, which every face has, so that their files are rarely opened."""

_ALIKE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0406\u0408\u0405\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd",
    "aeopcyxijsdhABEKMHOPCTYXIJSABEZHIKMNOPTYXov",
)
_LOOKS_LIKE = str.maketrans(*_ALIKE)
_IN_A_WORD = re.compile(rf"[{_ALIKE[0]}](?=\w*[A-Za-z])|(?<=[A-Za-z])[{_ALIKE[0]}]")
"""A Cyrillic or Greek letter that looks like a Latin one, in a word with Latin letters."""


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic; raise ModuleNotFoundError if it is not installed."""
    found = find_spec(_PACKAGE)
    if found is None or not found.origin:
        raise ModuleNotFoundError(_PACKAGE)
    return tuple(Path(found.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in _FACES)


def unprintable_characters(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each character of `text` that a face lacks: where (from 0), what is wrong, and what to type instead."""
    for found in _UNCOMMON.finditer(text):
        if ord(found[0]) not in _characters():
            if ord(found[0]) in _LOOKS_LIKE:
                yield _alike(found)
                continue
            plain = unicodedata.normalize("NFKC", found[0])
            wrong = f"the character {character_name(found[0])}, which printed guides cannot show"
            yield found.start(), wrong, "write it in words or plain letters" if _UNCOMMON.search(plain) else f"write {plain}"


def look_alikes(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield, as `lacking` does, each letter of another script that looks like a Latin one, in a word with Latin letters."""
    if not text.isascii():
        yield from map(_alike, _IN_A_WORD.finditer(text))


def _alike(found: re.Match[str]) -> tuple[int, str, str]:
    plain = found[0].translate(_LOOKS_LIKE)
    return found.start(), f'the character {character_name(found[0])}, which only looks like "{plain}"', f"type a plain {plain}"


@functools.cache
def _characters() -> frozenset[int]:
    """Return the characters that every face has."""
    from fontTools.ttLib import TTFont  # slow to import, and rarely needed

    characters = []
    for face in faces():
        with TTFont(face, lazy=True) as font:
            characters.append(frozenset(font["cmap"].getBestCmap()))
    return frozenset.intersection(*characters)
