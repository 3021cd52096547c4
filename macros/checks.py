"""Rules that no single record can see: one generator each, whose docstring is the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase

from macros.fields import Text
from macros.framework import Check, Framework
from macros.index import leaves
from macros.markup import is_address, links
from macros.model import Principle, Recommendation, Stage, Term
from macros.problem import Problem, did_you_mean

FIRST = re.compile(r"\d+[a-z]")
"""The form of a recommendation's id, and of the report's points that are recommendations."""


def stage_is_named_by_its_number(framework: Framework) -> Iterator[Problem]:
    """Stages are numbered from 1 without gaps, and a stage's id begins with its number."""
    for expected, stage in enumerate(framework.all(Stage), 1):
        if stage.number != expected:
            yield framework.problem((stage.kind, stage.id), ("number",), "stage-number", f"{stage.number}", f"the next stage is {expected}")
        if not stage.id.startswith(f"{stage.number}-"):
            wrong, instead = f'the file is called "{stage.id}"', f"name it {stage.number}- and a word"
            yield framework.problem((stage.kind, stage.id), ("number",), "stage-name", wrong, instead)


def principle_is_named_by_its_number(framework: Framework) -> Iterator[Problem]:
    """Principles are numbered from 1 without gaps, and a principle's id begins with its number."""
    for expected, principle in enumerate(framework.all(Principle), 1):
        if principle.number != expected or not principle.id.startswith(f"{expected}-"):
            wrong, instead = (
                f'number {principle.number} in the file "{principle.id}"',
                f"the next principle is {expected}, in a file that begins {expected}-",
            )
            yield framework.problem((principle.kind, principle.id), ("number",), "principle-number", wrong, instead)


def stage_has_recommendations(framework: Framework) -> Iterator[Problem]:
    """Every stage has at least one recommendation that is not withdrawn."""
    for stage in framework.all(Stage):
        if not any(r.withdrawn is None for r in framework.recommendations(stage)):
            instead = f"write data/recommendations/{stage.number}a.yml"
            yield framework.problem((stage.kind, stage.id), (), "empty-stage", "no recommendation stands in this stage", instead)


def recommendation_is_named_by_stage_and_letter(framework: Framework) -> Iterator[Problem]:
    """A recommendation's id is the number of its stage and its letter."""
    for record in framework.all(Recommendation):
        expected = f"{framework.get(Stage, record.stage).number}{record.letter}"
        if record.id != expected:
            wrong, instead = f'stage and letter make "{expected}"', f"mend them, or rename the file to {expected}.yml"
            yield framework.problem((record.kind, record.id), ("letter",), "recommendation-name", wrong, instead)


def letters_run_without_gaps(framework: Framework) -> Iterator[Problem]:
    """The letters of a stage run from a without gaps; a withdrawn recommendation keeps its letter."""
    for stage in framework.all(Stage):
        held = framework.recommendations(stage)
        for record, letter in zip(held, ascii_lowercase, strict=False):
            if record.letter > letter:
                wrong = f"{stage.number}{letter} is missing"
                instead = f"take the next free letter, or bring {stage.number}{letter} back with withdrawn:"
                yield framework.problem((record.kind, record.id), ("letter",), "letter-gap", wrong, instead)
                break


def theme_belongs_to_the_stage(framework: Framework) -> Iterator[Problem]:
    """A recommendation's theme is one of its stage's themes."""
    for record in framework.all(Recommendation):
        known = [theme.id for theme in framework.get(Stage, record.stage).themes]
        if record.theme is not None and record.theme not in known:
            wrong = f'stage {record.stage} has no theme "{record.theme}"'
            instead = did_you_mean(record.theme, known) or "delete the line"
            yield framework.problem((record.kind, record.id), ("theme",), "unknown-theme", wrong, instead)


def theme_holds_a_recommendation(framework: Framework) -> Iterator[Problem]:
    """Every theme of a stage has a recommendation under it."""
    for stage in framework.all(Stage):
        used = {r.theme for r in framework.recommendations(stage)}
        for position, theme in enumerate(stage.themes):
            if theme.id not in used:
                wrong, instead = f'no recommendation stands under "{theme.id}"', "give one this theme, or delete it"
                yield framework.problem((stage.kind, stage.id), ("themes", position), "empty-theme", wrong, instead)


def report_recommendation_cites_its_point(framework: Framework) -> Iterator[Problem]:
    """What the report recommends cites the point of the same id, and carries no `added`."""
    for record in framework.all(Recommendation):
        if record.id in framework.points:
            if record.id not in record.points:
                wrong = "does not cite the report's point"
                yield framework.problem((record.kind, record.id), ("points",), "no-point", wrong, f"add {record.id} to points:")
            if record.added:
                yield framework.problem((record.kind, record.id), ("added",), "not-added", "the report makes this one", "delete the line")


def every_recommendation_of_the_report_is_there(framework: Framework) -> Iterator[Problem]:
    """Every point of the report that is a recommendation has its record."""
    for position, point in enumerate(framework.report.points):
        if FIRST.fullmatch(point.id) and not framework.find("recommendation", point.id):
            instead = f"bring data/recommendations/{point.id}.yml back; if it no longer counts, it carries withdrawn:"
            yield framework.problem(
                ("report", "report"), ("points", position), "missing-recommendation", f"{point.id} has no record", instead
            )


def other_recommendation_says_since_when(framework: Framework) -> Iterator[Problem]:
    """A recommendation that is not the report's carries `added: <edition>`."""
    for record in framework.all(Recommendation):
        if record.id not in framework.points and not record.added:
            wrong, instead = "not one of the report's, and no added:", f"add the line added: {framework.site.edition}"
            yield framework.problem((record.kind, record.id), (), "no-added", wrong, instead)


def undertaking_belongs_to_the_principle(framework: Framework) -> Iterator[Problem]:
    """An undertaking that a recommendation names is one of the principle's beside it."""
    for record in framework.all(Recommendation):
        for position, service in enumerate(record.compact):
            known = [u.number for u in framework.get(Principle, service.principle).undertakings]
            for at, number in enumerate(service.undertakings):
                if number not in known:
                    loc = ("compact", position, "undertakings", at)
                    wrong = f"{service.principle} has no undertaking {number}"
                    instead = did_you_mean(number, known) or "delete it; this principle has none that we may state"
                    yield framework.problem((record.kind, record.id), loc, "unknown-undertaking", wrong, instead)


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


def withdrawn_record_is_not_linked(framework: Framework) -> Iterator[Problem]:
    """No record names a withdrawn recommendation, except one that was withdrawn itself."""
    gone = {("recommendation", r.id): r for r in framework.all(Recommendation) if r.withdrawn}
    for reference in framework.index:
        if reference.target in gone and reference.holder not in gone:
            withdrawn = gone[reference.target].withdrawn
            better = ", ".join(withdrawn.instead) if withdrawn else ""
            instead = f"link {better}" if better else "take the link out"
            yield framework.problem(reference.holder, reference.loc, "withdrawn", f"{reference.target[1]} is withdrawn", instead)


def name_has_one_term(framework: Framework) -> Iterator[Problem]:
    """No two terms claim the same name."""
    names: dict[str, str] = {}
    for term in framework.all(Term):
        for loc, name in [(("term",), term.term), *((("also", n), other) for n, other in enumerate(term.also))]:
            first = names.setdefault(name.casefold(), term.id)
            if first != term.id:
                wrong = f'"{name}" is already a name of the term {first}'
                yield framework.problem((term.kind, term.id), loc, "same-name", wrong, "keep it in one of the two")


def record_does_not_name_itself(framework: Framework) -> Iterator[Problem]:
    """No record names itself."""
    for reference in framework.index:
        if reference.holder == reference.target:
            yield framework.problem(reference.holder, reference.loc, "names-itself", "the record names itself", "delete it")


def id_is_named_once(framework: Framework) -> Iterator[Problem]:
    """A list of ids names each id once."""
    seen: dict[tuple[object, ...], object] = {}
    for reference in framework.index:
        at = (reference.holder, reference.loc[:-1] if isinstance(reference.loc[-1], int) else reference.loc, reference.target)
        if at in seen:
            yield framework.problem(reference.holder, reference.loc, "twice", f'"{reference.target[1]}" for the second time', "delete it")
        seen[at] = reference


def link_in_prose_leads_somewhere(framework: Framework) -> Iterator[Problem]:
    """A link inside prose goes to a record by id, or to an address that begins http, https or mailto."""
    for (kind, record_id), record in framework.records.items():
        for loc, marks, value in leaves(record):
            if Text.PROSE not in marks:
                continue
            for target in links(value):
                if is_address(target):
                    continue
                found = framework.resolve(target)
                if isinstance(found, str):
                    offset = max(value.find(target.removeprefix("term/")), 0)
                    yield framework.problem((kind, record_id), loc, "bad-link", *found.split("; ", 1), offset=offset)


def publisher_is_set(framework: Framework) -> Iterator[Problem]:
    """Addresses of the publisher are real; until then they are reserved examples, and this is a warning."""
    for field in ("repository", "email"):
        if is_example(getattr(framework.site, field)):
            wrong, instead = "still a reserved example address", "write the publisher's own; the site shows a banner until then"
            yield framework.problem(("site", "site"), (field,), "placeholder", wrong, instead, severity="warning")


def is_example(address: str) -> bool:
    """Return whether a web or mail address is one that is reserved for examples."""
    return bool(re.search(r"(?:^|[/@.])example(?:\.(?:com|net|org))?(?:$|/)", address) or re.search(r"\.example(?:$|/)", address))


CHECKS: tuple[Check, ...] = (
    stage_is_named_by_its_number,
    principle_is_named_by_its_number,
    stage_has_recommendations,
    recommendation_is_named_by_stage_and_letter,
    letters_run_without_gaps,
    theme_belongs_to_the_stage,
    theme_holds_a_recommendation,
    report_recommendation_cites_its_point,
    every_recommendation_of_the_report_is_there,
    other_recommendation_says_since_when,
    undertaking_belongs_to_the_principle,
    undertaking_is_numbered_under_its_principle,
    withdrawn_record_is_not_linked,
    name_has_one_term,
    record_does_not_name_itself,
    id_is_named_once,
    link_in_prose_leads_somewhere,
    publisher_is_set,
)
