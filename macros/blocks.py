"""Which stages and principles belong together, so that a site of many frameworks has a picture and a matrix of each, not one of all."""

from __future__ import annotations

import functools
from typing import NamedTuple

from macros.framework import Framework
from macros.model import Principle, Stage

MOST = 12
"""How many stages one picture of the cycle and one matrix can hold, and be read."""


class Block(NamedTuple):
    """Stages, and the principles that they serve; no stage of another block serves one of these."""

    stages: tuple[Stage, ...]
    principles: tuple[Principle, ...]


@functools.lru_cache(maxsize=2)
def blocks(framework: Framework) -> tuple[Block, ...]:
    """Return all stages and principles of `framework` in blocks, in reading order.

    There is one block if no more stages than MOST are there, or if they all share principles. What serves nothing, and what nothing
    serves, is in the first.
    """
    stages, principles = framework.all(Stage), framework.all(Principle)
    if len(stages) <= MOST:
        return (Block(stages, principles),)
    first: dict[str, str] = {}  # the stage to which a stage leads, and in the end the first one of its block; by ids

    def block(stage: str) -> str:
        while first.get(stage, stage) != stage:
            stage = first[stage]
        return stage

    by_principle = {principle.id: framework.stages_naming(principle) for principle in principles}
    position = {stage.id: n for n, stage in enumerate(stages)}
    for served in by_principle.values():
        for stage in served[1:]:
            one, other = sorted((block(served[0].id), block(stage.id)), key=position.__getitem__)
            first[other] = one
    serving = {stage.id for served in by_principle.values() for stage in served}
    leaders = list(dict.fromkeys(block(stage.id) for stage in stages if stage.id in serving))
    if not leaders:
        return (Block(stages, principles),)
    held: dict[str, tuple[list[Stage], list[Principle]]] = {leader: ([], []) for leader in leaders}
    for stage in stages:
        held[block(stage.id) if stage.id in serving else leaders[0]][0].append(stage)
    for principle in principles:
        served = by_principle[principle.id]
        held[block(served[0].id) if served else leaders[0]][1].append(principle)
    return tuple(Block(tuple(own), tuple(theirs)) for own, theirs in held.values())


@functools.lru_cache(maxsize=2)
def _cycles(framework: Framework) -> dict[str, tuple[Stage, ...]]:
    return {stage.id: block.stages for block in blocks(framework) for stage in block.stages}


def cycle_of(framework: Framework, stage: Stage | None = None) -> tuple[Stage, ...]:
    """Return the stages of the cycle in which `stage` is, in order; without a stage, those of the first cycle."""
    return _cycles(framework)[stage.id] if stage else blocks(framework)[0].stages
