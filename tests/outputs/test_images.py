"""The icon and the card: of the sizes that those who show them ask for, and the same each time."""

from __future__ import annotations

import struct

import lxml.etree

from macros.model.core import Stage
from macros.model.framework import Framework
from macros.outputs.images import emblems
from macros.site_build.project import Project


def test_the_icon_has_a_dot_for_each_stage(real: Framework, real_project: Project) -> None:
    icon = next(emblems(real, real_project.stamp("https://f.example/", "A name")))
    assert icon.path == "favicon.svg"
    drawn = lxml.etree.fromstring(icon.content)
    assert len(drawn.findall('{*}circle[@class="dot"]')) == len(real.all(Stage))
    left, top, width, height = (float(side) for side in drawn.get("viewBox", "").split())
    for dot in drawn.findall('{*}circle[@class="dot"]'):
        x, y, r = (float(dot.get(name, "nan")) for name in ("cx", "cy", "r"))
        assert left <= x - r
        assert x + r <= left + width
        assert top <= y - r
        assert y + r <= top + height


def test_the_card_is_1200_by_630_pixels_and_says_the_name(real: Framework, real_project: Project) -> None:
    def card(name: str) -> bytes:
        *_, found = emblems(real, real_project.stamp("https://f.example/", name))
        assert found.path == "card.png"
        return found.content

    once = card("A name")
    assert once[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", once[16:24]) == (1200, 630)
    assert once == card("A name")
    assert once != card("Another name")
