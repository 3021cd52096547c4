"""The layout of the diagram of the commissioning cycle."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from macros.model.records import Stage

WIDTH, HEIGHT = 620, 460
CENTRE, OUTER, INNER = (310, 230), 180, 104  # the centre of the ring, and its radii
_GAP, _POINT, _OUTSIDE = 0.02, 0.12, 14  # half the gap between segments and the depth of their points, in radians; from the ring to labels
_LINE_HEIGHT, _MAX_LETTERS = 22, 14


def picture(stages: Sequence[Stage]) -> dict[str, Any]:
    """Return the values with which templates draw `stages`, clockwise from the top."""
    places = [_place(stage, 2 * math.pi * position / len(stages)) for position, stage in enumerate(stages)]
    sizes = {"width": WIDTH, "height": HEIGHT, "centre": CENTRE, "outer": OUTER, "inner": INNER}
    return {**sizes, "segment": _segment(math.pi / len(stages)), "places": places}


def _segment(half: float) -> str:
    """Return the path of the segment at the top, from -`half` to `half` radians; its clockwise end is a point, the other a notch."""
    first, last, large = _GAP - half, half - _GAP, int(half - _GAP > math.pi / 2)
    middle = (OUTER + INNER) / 2
    corners = (first, OUTER), (last, OUTER), (last + _POINT, middle), (last, INNER), (first, INNER), (first + _POINT, middle)
    a, b, c, d, e, f = ("{} {}".format(*_point(*corner)) for corner in corners)
    return f"M{a}A{OUTER} {OUTER} 0 {large} 1 {b}L{c}L{d}A{INNER} {INNER} 0 {large} 0 {e}L{f}Z"


def _place(stage: Stage, angle: float) -> dict[str, Any]:
    """Return the turn of the segment of `stage` in degrees, the point of its number, and its label's x and lines with their y."""
    label_x, y = _point(angle, OUTER + _OUTSIDE)
    side = 0 if abs(label_x - CENTRE[0]) < 1 else 1 if label_x > CENTRE[0] else -1
    widths = range(_MAX_LETTERS if side else 2 * _MAX_LETTERS, 0, -1)
    labels = [textwrap.wrap(stage.title, width, break_long_words=False) for width in widths]
    label = [lines for lines in labels if len(lines) == len(labels[0])][-1]  # lines of about the same length
    half = _LINE_HEIGHT * (len(label) - 1) / 2
    middle = y + 6 - math.cos(angle) * (half if side else half + 2)  # labels above the ring go up, and those below it down
    lines = tuple((line, round(middle - half + _LINE_HEIGHT * n, 1)) for n, line in enumerate(label))
    x, y = _point(angle + _POINT / 2, (OUTER + INNER) / 2)
    number = {"stage": stage, "turn": round(math.degrees(angle), 1), "x": x, "y": y}
    return {**number, "lines": lines, "label_x": label_x, "anchor": ("middle", "start", "end")[side]}


def _point(angle: float, radius: float) -> tuple[float, float]:
    """Return the point at `angle` radians clockwise from the top, `radius` from the centre."""
    return round(CENTRE[0] + radius * math.sin(angle), 1), round(CENTRE[1] - radius * math.cos(angle), 1)
