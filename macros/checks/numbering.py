"""Rules on numbers, letters and names: one generator each, whose docstring is the rule."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from macros.model.core import Principle, Recommendation, Stage
from macros.model.framework import Framework
from macros.model.problem import Problem, likely_typo


def numbers_run_without_gaps(framework: Framework) -> Iterator[Problem]:
    """Records of a kind that are numbered run from 1, each number once and none left out."""
    for cls in framework.classes.values():
        held = framework.all(cls) if "number" in cls.model_fields else ()
        for expected, record in enumerate(held, 1):
            number = getattr(record, "number", expected)
            if number != expected:
                wrong, instead = f"{cls.kind} {number} is out of order", f"the next {cls.kind} is {expected}"
                yield framework.problem((record.kind, record.id), ("number",), "number", wrong, instead)
                break


def name_begins_with_the_number(framework: Framework) -> Iterator[Problem]:
    """The id of a stage or principle begins with its number."""
    for record in (*framework.all(Stage), *framework.all(Principle)):
        number = getattr(record, "number", "")
        if not record.id.startswith(f"{number}-"):
            wrong, instead = f'the file is called "{record.id}"', f"name it {number}- and a word"
            yield framework.problem((record.kind, record.id), ("number",), "file-number", wrong, instead)


def stage_has_recommendations(framework: Framework) -> Iterator[Problem]:
    """Every stage has at least one recommendation that is not withdrawn."""
    for stage in framework.all(Stage):
        if not any(r.withdrawn is None for r in framework.recommendations(stage)):
            used = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
            free = next(i for letter in ascii_lowercase if (i := f"{stage.number}{letter}") not in used)
            instead = f"write data/recommendations/{free}.yml"
            yield framework.problem((stage.kind, stage.id), (), "empty-stage", "no recommendation stands in this stage", instead)


def recommendation_is_named_by_stage_and_letter(framework: Framework) -> Iterator[Problem]:
    """A recommendation's id is the number of its stage and its letter."""
    for record in framework.all(Recommendation):
        expected = f"{framework.get(Stage, record.stage).number}{record.letter}"
        if record.id != expected:
            wrong, instead = f'stage and letter make "{expected}"', f"mend them, or rename the file to {expected}.yml"
            yield framework.problem((record.kind, record.id), ("letter",), "recommendation-name", wrong, instead)


def letters_run_without_gaps(framework: Framework) -> Iterator[Problem]:
    """The letters of a stage run from a without gaps; a withdrawn or moved recommendation keeps its letter."""
    moved = {old for r in framework.all(Recommendation) for old in r.formerly}
    for stage in framework.all(Stage):
        letters = (letter for letter in ascii_lowercase if f"{stage.number}{letter}" not in moved)
        for record, letter in zip(framework.recommendations(stage), letters, strict=False):
            if record.letter > letter:
                wrong = f"{stage.number}{letter} is missing"
                instead = f"take the next free letter, or bring {stage.number}{letter} back with withdrawn:"
                yield framework.problem((record.kind, record.id), ("letter",), "letter-gap", wrong, instead)
                break


def former_id_is_free(framework: Framework) -> Iterator[Problem]:
    """An id that a record or a point had before belongs to no other of its kind, now or before."""
    report = framework.report
    points = ((("point", point.id), ("points", at), point.formerly) for at, point in enumerate(report.points))
    held = [*points, *((key, (), record.formerly) for key, record in framework.records.items())]
    taken = {key: key[1] for key, _, _ in held}
    for (kind, record_id), loc, formerly in held:
        key = (report.kind, report.id) if kind == "point" else (kind, record_id)
        for position, old in enumerate(formerly):
            other = taken.setdefault((kind, old), record_id)
            if other != record_id or old == record_id:
                wrong, instead = f'"{old}" is an id of {other}', "an id is never used again; delete it here"
                yield framework.problem(key, (*loc, "formerly", position), "same-name", wrong, instead)


def theme_belongs_to_the_stage(framework: Framework) -> Iterator[Problem]:
    """A recommendation's theme is one of its stage's themes."""
    for record in framework.all(Recommendation):
        known = [theme.id for theme in framework.get(Stage, record.stage).themes]
        if record.theme is not None and record.theme not in known:
            wrong = f'stage {record.stage} has no theme "{record.theme}"'
            near = likely_typo(record.theme, known)
            instead = f'did you mean "{near}"?' if near else f"bring the theme back in data/stages/{record.stage}.yml, or delete the line"
            yield framework.problem((record.kind, record.id), ("theme",), "unknown-theme", wrong, instead)


def theme_holds_a_recommendation(framework: Framework) -> Iterator[Problem]:
    """Every theme of a stage has a recommendation under it."""
    for stage in framework.all(Stage):
        used = {r.theme for r in framework.recommendations(stage)}
        for position, theme in enumerate(stage.themes):
            if theme.id not in used:
                wrong, instead = f'no recommendation stands under "{theme.id}"', "give one this theme, or delete it"
                yield framework.problem((stage.kind, stage.id), ("themes", position), "empty-theme", wrong, instead)


def undertaking_is_numbered_under_its_principle(framework: Framework) -> Iterator[Problem]:
    """An undertaking's number begins with its principle's number, and stands once."""
    for principle in framework.all(Principle):
        seen: set[str] = set()
        for position, undertaking in enumerate(principle.undertakings):
            loc = ("undertakings", position, "number")
            if not undertaking.number.startswith(f"{principle.number}."):
                wrong, instead = f"{undertaking.number} under principle {principle.number}", f"it begins {principle.number}."
                yield framework.problem((principle.kind, principle.id), loc, "undertaking-number", wrong, instead)
            if undertaking.number in seen:
                wrong = f"{undertaking.number} for the second time"
                yield framework.problem((principle.kind, principle.id), loc, "undertaking-number", wrong, "give each its own")
            seen.add(undertaking.number)
