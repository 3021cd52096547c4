"""The typeface of printed guides: which characters it lacks."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from macros.text import characters
from macros.text.characters import faces, invalid_characters


def test_every_face_has_the_common_characters() -> None:
    common = [chr(n) for n in range(0x10000) if not characters._UNCOMMON.match(chr(n)) and chr(n) != "\n"]
    assert len(common) > 190
    for face in faces():
        printable = TTFont(face)["cmap"].getBestCmap()
        assert [c for c in common if ord(c) not in printable] == []


@pytest.mark.parametrize("text", ["Łódź, Ŵyn, Ŷ", "naïve café", "5 ≤ 6", "e\N{COMBINING ACUTE ACCENT}", "“quoted” – and £5…"])
def test_names_and_signs_of_europe_can_be_printed(text: str) -> None:
    assert list(invalid_characters(text)) == []
