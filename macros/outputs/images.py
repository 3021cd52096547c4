"""The icon of the site, and the preview image for shared links."""

from __future__ import annotations

from collections.abc import Iterator

from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Stage
from macros.outputs.pdf.typst_compile import drawn
from macros.rendering import cycle_diagram
from macros.rendering.environment import Renderer
from macros.text.characters import TYPEFACE


def images(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield `favicon.svg` and `card.png` (1200 by 630 pixels), both with the ring of stages of `framework`."""
    renderer = Renderer(framework, lambda: "")
    picture = cycle_diagram.picture(framework.all(Stage))
    yield Output("favicon.svg", renderer.render("images/favicon.svg.j2", **picture).encode())
    values = {
        "name": stamp.name,
        "of": renderer.render("images/card.txt.j2"),
        "cycle": renderer.render("images/cycle.svg.j2", **picture, typeface=TYPEFACE),
        "typeface": TYPEFACE,
    }
    yield Output("card.png", drawn("images/card.typ", values))
