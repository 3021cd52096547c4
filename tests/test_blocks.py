"""Stages that share principles belong together; few of them always do."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.blocks import MOST, blocks, cycle_of
from macros.framework import Framework
from macros.load import load
from macros.model import Principle, Stage

from .benchmarks.scale import copied
from .conftest import make_project


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small framework seven times over: more stages than one picture can hold."""
    folder = tmp_path_factory.mktemp("seven")
    (folder / "small").mkdir()
    return copied(make_project(folder / "small"), folder / "source", 7)


def framework(root: Path) -> Framework:
    found, problems = load(root)
    assert found is not None, problems
    return found


def test_the_real_framework_is_one(real: Framework) -> None:
    assert blocks(real) == ((real.all(Stage), real.all(Principle)),)
    assert cycle_of(real) == cycle_of(real, real.all(Stage)[3]) == real.all(Stage)


def test_each_copy_is_one(seven: Path) -> None:
    grown = framework(seven)
    assert len(grown.all(Stage)) > MOST
    assert [[stage.number for stage in block.stages] for block in blocks(grown)] == [[n, n + 1] for n in range(1, 15, 2)]
    assert [[principle.number for principle in block.principles] for block in blocks(grown)] == [[n] for n in range(1, 8)]
    assert [stage.number for stage in cycle_of(grown, grown.all(Stage)[5])] == [5, 6]


def test_a_shared_principle_joins_two(seven: Path) -> None:
    record = seven / "data" / "recommendations" / "13a.yml"
    told = record.read_text("utf-8")
    record.write_text(told.replace("principle: 7-fairness", "principle: 2-fairness"), "utf-8")
    grown = framework(seven)
    record.write_text(told, "utf-8")
    assert [stage.number for stage in cycle_of(grown, grown.all(Stage)[2])] == [3, 4, 13, 14]


def test_what_nothing_serves_is_in_the_first(seven: Path) -> None:
    record = seven / "data" / "principles" / "8-alone.yml"
    record.write_text((seven / "data" / "principles" / "7-fairness.yml").read_text("utf-8").replace("number: 7", "number: 8"), "utf-8")
    grown = framework(seven)
    record.unlink()
    assert [principle.number for principle in blocks(grown)[0].principles] == [1, 8]
