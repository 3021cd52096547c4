"""The typeface of printed documents: its files and characters."""

from __future__ import annotations

import functools
from importlib.util import find_spec
from pathlib import Path

TYPEFACE = "Source Sans Pro"
_PACKAGE = "font_source_sans_pro"
_FACES = ("Regular", "It", "Bold", "BoldIt")


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic; raise ModuleNotFoundError if it is not installed."""
    package = find_spec(_PACKAGE)
    if package is None or not package.origin:
        raise ModuleNotFoundError(_PACKAGE)
    return tuple(Path(package.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in _FACES)


@functools.cache
def printable_characters() -> frozenset[int]:
    """Return the code points of the characters that every face has."""
    from fontTools.ttLib import TTFont  # slow to import, and rarely needed

    fonts = [TTFont(face) for face in faces()]
    return frozenset.intersection(*(frozenset(font["cmap"].getBestCmap()) for font in fonts))
