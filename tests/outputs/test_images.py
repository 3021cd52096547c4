"""The icon and the preview image for shared links."""

from __future__ import annotations

import struct

import lxml.etree

from macros.model.framework import Framework
from macros.model.records import Stage
from macros.outputs.images import images
from macros.site_build.project import Project


def test_the_icon_has_a_dot_for_each_stage_inside_its_view_box(real: Framework, real_project: Project) -> None:
    icon = next(images(real, real_project.stamp("https://f.example/", "A name")))
    assert icon.path == "favicon.svg"
    svg = lxml.etree.fromstring(icon.content)
    dots = svg.findall('{*}circle[@class="dot"]')
    assert len(dots) == len(real.all(Stage))
    left, top, width, height = (float(side) for side in svg.get("viewBox", "").split())
    for dot in dots:
        x, y, r = (float(dot.get(name, "nan")) for name in ("cx", "cy", "r"))
        assert left + r <= x <= left + width - r
        assert top + r <= y <= top + height - r


def test_the_preview_image_has_the_usual_size_and_shows_the_name(real: Framework, real_project: Project) -> None:
    def card(name: str) -> bytes:
        _, image = images(real, real_project.stamp("https://f.example/", name))
        assert image.path == "card.png"
        return image.content

    first = card("A name")
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", first[16:24]) == (1200, 630)
    assert first == card("A name") != card("Another name")
