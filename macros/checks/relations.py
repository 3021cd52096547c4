"""Rules that no single record can see: one generator each, whose docstring is the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from macros.checks.characters import character_can_be_printed, prose_holds_no_key, prose_holds_only_marks_that_count
from macros.checks.house_style import (
    prose_ends_with_a_stop,
    sentence_has_at_most_30_words,
    space_is_single,
    spelling_is_british,
    word_is_avoided,
    word_is_listed_once,
)
from macros.checks.numbering import (
    former_id_is_free,
    letters_run_without_gaps,
    name_begins_with_the_number,
    numbers_run_without_gaps,
    recommendation_is_named_by_stage_and_letter,
    stage_has_recommendations,
    theme_belongs_to_the_stage,
    theme_holds_a_recommendation,
    undertaking_is_numbered_under_its_principle,
)
from macros.model.base import Part
from macros.model.core import Principle, Recommendation, Source, Term
from macros.model.document import Loc
from macros.model.framework import Check, Framework
from macros.model.problem import Problem
from macros.model.references import Key
from macros.model.supporting import Approach, Cell, CommonTheme, Criterion
from macros.model.types import unwritten
from macros.text.markup import is_address, links
from macros.text.segmentation import decoded

FIRST = re.compile(r"\d+[a-z]")
"""The form of a recommendation's id, and of the report's points that are recommendations."""

_BRANCH = re.compile(
    r"\bbranches:[\s\[\-'\"]*(?P<listed>[\w./-]+)"
    r"|\bgithub\.(?:ref|ref_name|base_ref|event\.repository\.default_branch)\s*[!=]=\s*'(?:refs/heads/)?(?P<compared>[^']+)'"
)
"""The first branch in a list of a workflow, or a branch that an expression compares with."""


def report_recommendation_cites_its_point(framework: Framework) -> Iterator[Problem]:
    """What the report recommends cites the points of its ids, now and before, and carries no `added`."""
    for record in framework.all(Recommendation):
        for missing in (i for i in _of_report(framework, record) if i not in record.points):
            wrong = "does not cite the report's point"
            yield framework.problem((record.kind, record.id), ("points",), "no-point", wrong, f"add {missing} to points:")
        if record.added and record.id in framework.points:
            yield framework.problem((record.kind, record.id), ("added",), "not-added", "the report makes this one", "delete the line")


def _of_report(framework: Framework, record: Recommendation) -> list[str]:
    """Return the ids of `record`, now and before, under which the report makes it."""
    return [i for i in (record.id, *record.formerly) if i in framework.points and FIRST.fullmatch(i)]


def every_recommendation_of_the_report_is_there(framework: Framework) -> Iterator[Problem]:
    """Every point of the report that is a recommendation has its record."""
    kept = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
    for position, point in enumerate(framework.report.points):
        if FIRST.fullmatch(point.id) and point.id not in kept:
            instead = f"bring data/recommendations/{point.id}.yml back; if it no longer counts, it carries withdrawn:"
            yield framework.problem(
                ("report", "report"), ("points", position), "missing-recommendation", f"{point.id} has no record", instead
            )


def undertaking_belongs_to_the_principle(framework: Framework) -> Iterator[Problem]:
    """An undertaking that a recommendation names is one of the principle's beside it."""
    for record in framework.all(Recommendation):
        for position, service in enumerate(record.compact):
            known = [u.number for u in framework.get(Principle, service.principle).undertakings]
            for at, number in enumerate(service.undertakings):
                if number not in known:
                    loc = ("compact", position, "undertakings", at)
                    wrong = f"{service.principle} has no undertaking {number}"
                    instead = f"use one of: {', '.join(known)}" if known else "delete it; this principle has none that we may state"
                    yield framework.problem((record.kind, record.id), loc, "unknown-undertaking", wrong, instead)


def withdrawn_record_is_not_linked(framework: Framework) -> Iterator[Problem]:
    """No record names a withdrawn recommendation, except one that was withdrawn itself."""
    gone = {("recommendation", r.id): r.withdrawn for r in framework.all(Recommendation) if r.withdrawn}
    named: list[tuple[Key, Loc, Key | str, int | None]] = [(r.holder, r.loc, r.target, None) for r in framework.index]
    named += [(holder, loc, framework.resolve(target), offset) for holder, loc, target, offset in _prose_links(framework)]
    for holder, loc, target, offset in named:
        if not isinstance(target, str) and target in gone and holder not in gone:
            better = ", ".join(i for i in gone[target].instead if i != holder[1])
            instead = f"write {better} instead, or remove the reference" if better else "remove the reference"
            at = {} if offset is None else {"offset": offset}
            yield framework.problem(holder, loc, "withdrawn", f"{target[1]} is withdrawn", instead, **at)


def name_has_one_term(framework: Framework) -> Iterator[Problem]:
    """No two terms claim the same name."""
    names = {term.term.casefold(): term.id for term in reversed(framework.all(Term))}
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


def relation_of_two_terms_is_written_once(framework: Framework) -> Iterator[Problem]:
    """What one term says of another, the other does not say again; the site shows it from both ends."""
    first: dict[frozenset[object], str] = {}
    for reference in framework.index:
        if reference.relation in ("see", "not_to_be_confused_with.term"):
            other = first.setdefault(frozenset((reference.holder, reference.target)), reference.holder[1])
            if other != reference.holder[1]:
                wrong = f"the term {other} says it already"
                yield framework.problem(
                    reference.holder, reference.loc, "written-twice", wrong, "delete it; the site shows it from both ends"
                )


def meaning_has_support(framework: Framework) -> Iterator[Problem]:
    """A term's meaning rests on a source or on a point of the report."""
    for term in framework.all(Term):
        if not term.sources and not term.points:
            wrong, instead = "neither sources: nor points:", "add the source of the meaning, or the point of the report"
            yield framework.problem((term.kind, term.id), ("meaning",), "no-source", wrong, instead)


def stated_fact_has_support(framework: Framework) -> Iterator[Problem]:
    """What a cell of a comparison states, and an approach, rests on a source, a point of the report or a recommendation."""
    for record in (*framework.all(Criterion), *framework.all(CommonTheme), *framework.all(Approach)):
        parts: dict[str, Part] = {name: part for name, part in record if isinstance(part, Cell)} or {"aim": record}
        for name, part in parts.items():
            stated = part.says is not None if isinstance(part, Cell) else True
            if stated and not any(getattr(part, support, ()) for support in ("sources", "points", "recommendations")):
                wrong, instead = "states something without a source", "add sources: or points:, or leave says: out if it is not known"
                yield framework.problem((record.kind, record.id), (name,), "no-source", wrong, instead)


def source_stands_once(framework: Framework) -> Iterator[Problem]:
    """No two sources have the same web address."""
    seen: dict[str, str] = {}
    for source in framework.all(Source):
        if source.web and seen.setdefault(source.web, source.id) != source.id:
            wrong, instead = f"the source {seen[source.web]} has this address", "name that one instead, and delete this file"
            yield framework.problem((source.kind, source.id), ("web",), "same-source", wrong, instead)


def point_stands_once(framework: Framework) -> Iterator[Problem]:
    """No two points of the report have the same id."""
    seen: set[str] = set()
    for position, point in enumerate(framework.report.points):
        if point.id in seen:
            yield framework.problem(
                ("report", "report"), ("points", position, "id"), "twice", f'"{point.id}" for the second time', "give each its own"
            )
        seen.add(point.id)


def link_in_prose_leads_somewhere(framework: Framework) -> Iterator[Problem]:
    """A link inside prose goes to a record by id, or to an address that begins http, https or mailto."""
    for holder, loc, target, offset in _prose_links(framework):
        found = framework.resolve(target)
        if isinstance(found, str):
            yield framework.problem(holder, loc, "bad-link", *found.split("; ", 1), offset=offset)


def _prose_links(framework: Framework) -> Iterator[tuple[Key, Loc, str, int]]:
    """Yield holder, place, target and offset of each link inside prose that stays on the site."""
    for key, loc, text in framework.prose:
        for target in links(text):
            if not is_address(target):
                held = decoded(text)
                yield key, loc, target, held.place(max(held.shown.find(target.removeprefix("term/")), 0))


def publisher_is_set(framework: Framework) -> Iterator[Problem]:
    """The publisher is named and the addresses in data/site.yml are real; until then this is a warning."""
    site = framework.site
    until = "; the site shows a banner until then"
    for field, declared in type(site).model_fields.items():
        value, optional = getattr(site, field), "" if declared.is_required() else ", or delete the line"
        if field in ("publisher", "post", "answers") and value is not None and unwritten(value):
            wrong = f'"{value}" is a placeholder'
            instead = ("write who publishes the site" if field == "publisher" else "write the publisher's own") + optional + until
            yield framework.problem(("site", "site"), (field,), "placeholder", wrong, instead, severity="warning")
        elif isinstance(value, str) and is_example(value):
            wrong, instead = "still a reserved example address", f"write the publisher's own{optional}{until}"
            yield framework.problem(("site", "site"), (field,), "placeholder", wrong, instead, severity="warning")


def is_example(address: str) -> bool:
    """Return whether a web or mail address is one that is reserved for examples."""
    return bool(re.search(r"(?:^|[/@.])example(?:\.(?:com|net|org))?(?:$|/)", address) or re.search(r"\.example(?:$|/)", address))


def workflows_run_on_the_branch(root: Path, branch: str) -> Iterator[Problem]:
    """Each workflow of `root` that names the branch it runs on names `branch`, from which data/site.yml says the site is published."""
    for file in sorted((root / ".github" / "workflows").glob("*.y*ml")):
        text = file.read_text("utf-8", "replace")
        for found in _BRANCH.finditer(text):
            named, at = found["listed"] or found["compared"], found.start(found.lastgroup or 0)
            if named != branch and not named.startswith("refs/"):
                wrong = f"names the branch {named}, but data/site.yml publishes from {branch}"
                instead = f"write {branch} here, or change branch: in data/site.yml"
                line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                yield Problem(file.relative_to(root).as_posix(), line, column, "branch", wrong, instead)


CHECKS: tuple[Check, ...] = (
    numbers_run_without_gaps,
    name_begins_with_the_number,
    former_id_is_free,
    stage_has_recommendations,
    recommendation_is_named_by_stage_and_letter,
    letters_run_without_gaps,
    theme_belongs_to_the_stage,
    theme_holds_a_recommendation,
    report_recommendation_cites_its_point,
    every_recommendation_of_the_report_is_there,
    undertaking_belongs_to_the_principle,
    undertaking_is_numbered_under_its_principle,
    withdrawn_record_is_not_linked,
    name_has_one_term,
    record_does_not_name_itself,
    id_is_named_once,
    relation_of_two_terms_is_written_once,
    meaning_has_support,
    stated_fact_has_support,
    source_stands_once,
    point_stands_once,
    link_in_prose_leads_somewhere,
    prose_holds_only_marks_that_count,
    prose_holds_no_key,
    character_can_be_printed,
    publisher_is_set,
    word_is_avoided,
    spelling_is_british,
    space_is_single,
    prose_ends_with_a_stop,
    sentence_has_at_most_30_words,
    word_is_listed_once,
)
