"""The icon and the preview image for shared links."""

from __future__ import annotations

import struct

import lxml.etree

from macros.model.framework import Framework
from macros.model.records import Stage
from macros.site_build.artifacts import images
from macros.site_build.project import Project


def test_the_icon_has_a_segment_for_each_stage(real: Framework, real_project: Project) -> None:
    icon = next(images(real, real_project.stamp("https://f.example/", "A name")))
    assert icon.path == "favicon.svg"
    segments = lxml.etree.fromstring(icon.content).findall("{*}path")
    assert len(segments) == len({segment.get("transform") for segment in segments}) == len(real.all(Stage))


def test_the_preview_image_has_the_usual_size_and_shows_the_name(real: Framework, real_project: Project) -> None:
    def card(name: str) -> bytes:
        _, image = images(real, real_project.stamp("https://f.example/", name))
        assert image.path == "card.png"
        return image.content

    first = card("A name")
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", first[16:24]) == (1200, 630)
    assert first == card("A name") != card("Another name")
