"""The layout of the diagram of the commissioning cycle."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from macros.model.records import Stage

WIDTH, HEIGHT = 560, 330
CENTRE, RING, DOT = (280, 172), 110, 23  # the centre of the ring, and the radii of the ring and of a stage's dot
_LINE_HEIGHT, _MAX_LETTERS = 18, 19


@dataclass(frozen=True)
class Place:
    """The place of a stage: the centre of its dot, the lines of its label with their y, the label's x, and the arrow after it."""

    stage: Stage
    x: float
    y: float
    lines: tuple[tuple[str, float], ...]
    label_x: float
    anchor: str
    arrow: tuple[float, float, float]


def picture(stages: Sequence[Stage], current: Stage | None = None) -> dict[str, Any]:
    """Return the values with which templates draw `stages`, clockwise from the top, with `current` highlighted."""
    sizes = {"width": WIDTH, "height": HEIGHT, "centre": CENTRE, "ring": RING, "dot": DOT}
    places = [_place(stage, position / len(stages), 0.5 / len(stages)) for position, stage in enumerate(stages)]
    return {**sizes, "places": places, "current": current}


def _place(stage: Stage, turn: float, half: float) -> Place:
    x, y = _point(turn)
    side = 0 if abs(x - CENTRE[0]) < 1 else 1 if x > CENTRE[0] else -1
    label = textwrap.wrap(stage.title, _MAX_LETTERS if side else 2 * _MAX_LETTERS, break_long_words=False)
    top = y - DOT - 10 - _LINE_HEIGHT * (len(label) - 1) if side == 0 else y + 5 - _LINE_HEIGHT * (len(label) - 1) / 2
    lines = tuple((line, round(top + _LINE_HEIGHT * n, 1)) for n, line in enumerate(label))
    arrow = (*_point(turn + half), round(360 * (turn + half)))
    return Place(stage, x, y, lines, x + side * (DOT + 9), ("middle", "start", "end")[side], arrow)


def _point(turn: float) -> tuple[float, float]:
    """Return the point of the ring at `turn`, a fraction of a full turn from the top."""
    angle = 2 * math.pi * turn
    return round(CENTRE[0] + RING * math.sin(angle), 1), round(CENTRE[1] - RING * math.cos(angle), 1)
