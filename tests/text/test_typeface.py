"""The typeface of printed guides: which characters it lacks."""

from __future__ import annotations

import unicodedata

import pytest
from fontTools.ttLib import TTFont

from macros.text import fonts
from macros.text.fonts import faces, lacking


def test_the_four_faces_are_there() -> None:
    assert [(face.stem.partition("-")[2], face.is_file()) for face in faces()] == [
        ("Regular", True),
        ("It", True),
        ("Bold", True),
        ("BoldIt", True),
    ]


def test_every_everyday_character_is_in_every_face() -> None:
    everyday = [chr(n) for n in range(0x10000) if not fonts._ASK.match(chr(n)) and chr(n) != "\n"]
    assert len(everyday) > 190
    for face in faces():
        held = TTFont(face)["cmap"].getBestCmap()
        assert [c for c in everyday if ord(c) not in held] == []


@pytest.mark.parametrize("text", ["Łódź, Ŵyn, Ŷ", "naïve café", "5 ≤ 6", "e\N{COMBINING ACUTE ACCENT}", "“quoted” – and £5…"])
def test_names_and_signs_of_europe_are_there(text: str) -> None:
    assert list(lacking(text)) == []


@pytest.mark.parametrize("character", ["\U0001f600", "漢", "ש", "\u200b", "\ufffd", "⇄"])
def test_what_no_face_can_show_is_named(character: str) -> None:
    ((offset, wrong, instead),) = lacking(f"a\n{character}")
    assert offset == 2
    assert f"U+{ord(character):04X} ({unicodedata.name(character).lower()})" in wrong
    assert instead
