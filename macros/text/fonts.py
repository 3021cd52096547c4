"""The typeface of printed documents: its files and characters."""

from __future__ import annotations

import functools
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]

TYPEFACE = "Source Sans Pro"


def faces() -> tuple[Path, ...]:
    """Return the files of the typeface: regular, italic, bold and bold italic."""
    return tuple(Path(font_source_sans_pro.font_directory, f"SourceSansPro-{face}.ttf") for face in ("Regular", "It", "Bold", "BoldIt"))


@functools.cache
def printable_characters() -> frozenset[int]:
    """Return the code points of the characters that every face has."""
    from fontTools.ttLib import TTFont  # slow to import, and rarely needed

    return frozenset.intersection(*(frozenset(TTFont(face)["cmap"].getBestCmap()) for face in faces()))
