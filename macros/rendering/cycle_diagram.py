"""The picture of the commissioning cycle: where each stage stands on the ring."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from macros.model.core import Stage

WIDTH, HEIGHT = 560, 330
CENTRE, RING, DOT = (280, 172), 110, 23
"""The middle of the ring, its radius, and that of a stage's dot, in units of the picture; a name is written 15 units high."""
_LINE, _LETTERS = 18, 19


@dataclass(frozen=True)
class Place:
    """A stage on the ring: the middle of its dot, the lines of its name and where each ends or begins, and the arrow to the next one."""

    stage: Stage
    x: float
    y: float
    lines: tuple[tuple[str, float], ...]
    label_x: float
    anchor: str
    arrow: tuple[float, float, float]


def picture(stages: Sequence[Stage], current: Stage | None = None) -> dict[str, Any]:
    """Return what the templates draw `stages` from, `current` marked: the measures of the picture, and the places."""
    measures = {"width": WIDTH, "height": HEIGHT, "centre": CENTRE, "ring": RING, "dot": DOT}
    return {**measures, "places": places(stages), "stages": stages, "current": current}


def places(stages: Sequence[Stage]) -> tuple[Place, ...]:
    """Return the places of `stages`, clockwise from the top; lengths are in units of the picture, the arrow's turn in degrees."""
    return tuple(_place(stage, position / len(stages), 0.5 / len(stages)) for position, stage in enumerate(stages))


def _place(stage: Stage, part: float, half: float) -> Place:
    x, y = _at(part)
    side = 0 if abs(x - CENTRE[0]) < 1 else 1 if x > CENTRE[0] else -1
    words = textwrap.wrap(stage.title, _LETTERS if side else 2 * _LETTERS, break_long_words=False)
    top = y - DOT - 10 - _LINE * (len(words) - 1) if side == 0 else y + 5 - _LINE * (len(words) - 1) / 2
    lines = tuple((line, round(top + _LINE * n, 1)) for n, line in enumerate(words))
    arrow = (*_at(part + half), round(360 * (part + half)))
    return Place(stage, x, y, lines, x + side * (DOT + 9), ("middle", "start", "end")[side], arrow)


def _at(part: float) -> tuple[float, float]:
    """Return the point of the ring that is `part` of a turn from the top."""
    angle = 2 * math.pi * part
    return round(CENTRE[0] + RING * math.sin(angle), 1), round(CENTRE[1] - RING * math.cos(angle), 1)
