"""Test the layout of the diagram of the cycle."""

from __future__ import annotations

import pytest

from macros.model.framework import Framework
from macros.model.records import Stage
from macros.rendering.cycle_diagram import HEIGHT, WIDTH, picture


def test_stages_run_clockwise_from_the_top_with_their_names_and_without_overlap(real: Framework) -> None:
    found = picture(real.all(Stage))["places"]
    assert [place["stage"].number for place in found] == [*range(1, len(found) + 1)]
    assert found[0]["y"] == min(place["y"] for place in found)
    for place, turned in zip(found, (n / len(found) for n in range(len(found))), strict=True):
        assert place["anchor"] == ("middle" if turned in (0, 0.5) else "start" if turned < 0.5 else "end")
        assert " ".join(line for line, _ in place["lines"]) == place["stage"].title
        assert all(place is other or (place["x"] - other["x"]) ** 2 + (place["y"] - other["y"]) ** 2 > 54**2 for other in found)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 8, 12])
def test_any_number_of_stages_stays_inside_the_picture(real: Framework, count: int) -> None:
    stage = real.all(Stage)[0]
    for place in picture([stage] * count)["places"]:
        assert 25 <= place["x"] <= WIDTH - 25
        assert all(12 <= y <= HEIGHT for _, y in place["lines"])
