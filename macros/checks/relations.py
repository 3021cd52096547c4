"""Rules over all records: one generator each, whose docstring states the rule."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from string import ascii_lowercase
from typing import Any

from macros.checks.house_style import text_follows_the_house_style
from macros.model.document import Key, Loc
from macros.model.framework import Check, Framework
from macros.model.introspection import keys_of
from macros.model.problem import Problem, did_you_mean
from macros.model.records import Approach, Cell, CommonTheme, Criterion, Part, Principle, Recommendation, Record, Source, Stage, Term, Words
from macros.model.types import Ref, Text, is_placeholder
from macros.text.characters import decoded, invalid_characters
from macros.text.inline_markdown import is_address, links, unsupported

RECOMMENDATION_ID = re.compile(r"\d+[a-z]")
"""The form of a recommendation's id, and of the report's points that are recommendations."""

_REPORT = ("report", "report")
_CODE = re.compile(r"`[^`]*`")
_TYPOS = (
    (re.compile(r"\{\{|\{%|\{#"), "a macro", "delete it; macros work in pages only"),
    (re.compile(r"\[\[(?![a-z0-9-]+(?:\|[^\]|\n]+)?\]\])"), "an incomplete link to a term", "write [[outcome]] or [[outcome|outcomes]]"),
    (re.compile(r"(?m)^ *[•·▪◦‣●○■]"), "a bullet character", "begin each item with - and a space"),
    (re.compile(r"\A[lI|][-–—]\s"), "a mistyped |-", "write |- after the colon, and the text on the next line"),
)
_KEY = re.compile(r"(?m)(?:^ *(?:- )?|[.?!] ?)(?P<key>[a-z_]+):(?= \|-$| *$)|^ *- (?P<item>[a-z_]+): ")
"""What looks like a key at the end of a line of prose, or alone in it, or in an item of a list."""


def _key(record: Record) -> Key:
    return record.kind, record.id


def numbers_run_without_gaps(framework: Framework) -> Iterator[Problem]:
    """Records of a numbered kind are numbered from 1, without gaps or repeats."""
    for cls in framework.classes.values():
        for expected, record in enumerate(framework.all(cls), 1):
            number = getattr(record, "number", expected)
            if number != expected:
                wrong, instead = f"{cls.kind} {number} is out of order", f"the next {cls.kind} is {expected}"
                yield framework.problem(_key(record), ("number",), "number", wrong, instead)
                break


def id_matches_the_number(framework: Framework) -> Iterator[Problem]:
    """The id of a stage or principle begins with its number; a recommendation's is the number of its stage and its letter."""
    numbered: tuple[Stage | Principle, ...] = (*framework.all(Stage), *framework.all(Principle))
    for record in numbered:
        if not record.id.startswith(f"{record.number}-"):
            instead = f"rename it to begin with {record.number}-, or change the number"
            yield framework.problem(_key(record), ("number",), "file-number", f'the file is called "{record.id}"', instead)
    for recommendation in framework.all(Recommendation):
        expected = f"{framework.get(Stage, recommendation.stage).number}{recommendation.letter}"
        if recommendation.id != expected:
            wrong, instead = f'stage and letter make "{expected}"', f"correct them, or rename the file to {expected}.yml"
            yield framework.problem(_key(recommendation), ("letter",), "recommendation-name", wrong, instead)


def stage_has_recommendations(framework: Framework) -> Iterator[Problem]:
    """Every stage has at least one recommendation that is not withdrawn."""
    used = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
    for stage in framework.all(Stage):
        if all(r.withdrawn for r in framework.recommendations(stage)):
            free = next(i for letter in ascii_lowercase if (i := f"{stage.number}{letter}") not in used)
            instead = f"write data/recommendations/{free}.yml"
            yield framework.problem(_key(stage), (), "empty-stage", "the stage has no recommendations", instead)


def letters_run_without_gaps(framework: Framework) -> Iterator[Problem]:
    """The letters of a stage run from a without gaps; a withdrawn or moved recommendation keeps its letter."""
    moved = {old for r in framework.all(Recommendation) for old in r.formerly}
    for stage in framework.all(Stage):
        letters = (letter for letter in ascii_lowercase if f"{stage.number}{letter}" not in moved)
        for record, letter in zip(framework.recommendations(stage), letters, strict=False):
            if record.letter > letter:
                missing = f"{stage.number}{letter}"
                instead = f"take the next free letter, or restore {missing} with withdrawn:"
                yield framework.problem(_key(record), ("letter",), "letter-gap", f"{missing} is missing", instead)
                break


def former_id_is_free(framework: Framework) -> Iterator[Problem]:
    """A former id of a record or point belongs to no other of its kind, now or before."""
    points = ((("point", point.id), _REPORT, ("points", n), point.formerly) for n, point in enumerate(framework.report.points))
    owners = [*points, *((key, key, (), record.formerly) for key, record in framework.records.items())]
    taken = {key: key[1] for key, *_ in owners}
    for (kind, record_id), key, loc, formerly in owners:
        for position, old in enumerate(formerly):
            other = taken.setdefault((kind, old), record_id)
            if other != record_id or old == record_id:
                wrong, instead = f'"{old}" is an id of {other}', "delete it; an id is never reused"
                yield framework.problem(key, (*loc, "formerly", position), "same-name", wrong, instead)


def theme_belongs_to_the_stage(framework: Framework) -> Iterator[Problem]:
    """A recommendation's theme is one of its stage's themes, and every theme has a recommendation."""
    for stage in framework.all(Stage):
        themes = [theme.id for theme in stage.themes]
        records = framework.recommendations(stage)
        for record in records:
            if record.theme is not None and record.theme not in themes:
                instead = did_you_mean(record.theme, themes) or f"add it to data/stages/{stage.id}.yml, or delete the line"
                yield framework.problem(
                    _key(record), ("theme",), "unknown-theme", f'stage {stage.id} has no theme "{record.theme}"', instead
                )
        for position, theme in enumerate(themes):
            if theme not in {record.theme for record in records}:
                wrong, instead = f'no recommendation has the theme "{theme}"', "give it to one, or delete the theme"
                yield framework.problem(_key(stage), ("themes", position), "empty-theme", wrong, instead)


def undertaking_belongs_to_the_principle(framework: Framework) -> Iterator[Problem]:
    """An undertaking's number begins with its principle's number; a recommendation names undertakings of the principle next to them."""
    for principle in framework.all(Principle):
        for position, undertaking in enumerate(principle.undertakings):
            if not undertaking.number.startswith(f"{principle.number}."):
                wrong, instead = f"{undertaking.number} in principle {principle.number}", f"begin it with {principle.number}."
                yield framework.problem(_key(principle), ("undertakings", position, "number"), "undertaking-number", wrong, instead)
    for record in framework.all(Recommendation):
        for position, service in enumerate(record.compact):
            known = [u.number for u in framework.get(Principle, service.principle).undertakings]
            for n, number in enumerate(service.undertakings):
                if number not in known:
                    loc = ("compact", position, "undertakings", n)
                    instead = f"use one of: {', '.join(known)}" if known else "delete it"
                    wrong = f"{service.principle} has no undertaking {number}"
                    yield framework.problem(_key(record), loc, "unknown-undertaking", wrong, instead)


def report_recommendation_cites_its_point(framework: Framework) -> Iterator[Problem]:
    """A recommendation of the report cites the points of its ids, now and before, and has no `added`."""
    for record in framework.all(Recommendation):
        for point in (record.id, *record.formerly):
            if point in framework.points and RECOMMENDATION_ID.fullmatch(point) and point not in record.points:
                wrong, instead = "the report's point is not cited", f"add {point} to points:"
                yield framework.problem(_key(record), ("points",), "no-point", wrong, instead)
        if record.added and record.id in framework.points:
            yield framework.problem(_key(record), ("added",), "not-added", "this recommendation is the report's", "delete the line")


def every_recommendation_of_the_report_is_there(framework: Framework) -> Iterator[Problem]:
    """Every point of the report that is a recommendation has its record."""
    ids = {i for r in framework.all(Recommendation) for i in (r.id, *r.formerly)}
    for position, point in enumerate(framework.report.points):
        if RECOMMENDATION_ID.fullmatch(point.id) and point.id not in ids:
            instead = f"restore data/recommendations/{point.id}.yml; add withdrawn: to it if it no longer counts"
            yield framework.problem(_REPORT, ("points", position), "missing-recommendation", f"{point.id} has no record", instead)


def withdrawn_record_is_not_linked(framework: Framework) -> Iterator[Problem]:
    """No record names a withdrawn recommendation, except one that is withdrawn itself."""
    withdrawn = {_key(r): r.withdrawn for r in framework.all(Recommendation) if r.withdrawn}
    named: list[tuple[Key, Loc, Key | str, dict[str, Any]]] = [(r.holder, r.loc, r.target, {}) for r in framework.references]
    named += [(holder, loc, framework.resolve(target), at) for holder, loc, target, at in _prose_links(framework)]
    for holder, loc, target, at in named:
        if not isinstance(target, str) and target in withdrawn and holder not in withdrawn:
            better = ", ".join(i for i in withdrawn[target].instead if i != holder[1])
            instead = f"write {better} instead, or remove the reference" if better else "remove the reference"
            yield framework.problem(holder, loc, "withdrawn", f"{target[1]} is withdrawn", instead, **at)


def record_does_not_name_itself(framework: Framework) -> Iterator[Problem]:
    """No record names itself."""
    for reference in framework.references:
        if reference.holder == reference.target:
            yield framework.problem(reference.holder, reference.loc, "names-itself", "the record names itself", "delete it")


def value_is_used_once(framework: Framework) -> Iterator[Problem]:
    """No two terms share a name, sources an address, points an id, or words to avoid a spelling; a list names each id once."""
    first: dict[Hashable, Key] = {}
    for scope, key, loc, value in _unique_values(framework):
        identity = scope, value.casefold()
        if identity not in first:
            first[identity] = key
        elif first[identity] == key:
            yield framework.problem(key, loc, "twice", f'"{value}" is listed twice', "delete one of the two")
        else:
            wrong = f'"{value}" is already used in {framework.documents[first[identity]].path}'
            yield framework.problem(key, loc, "twice", wrong, "keep it in one of the two files")


def _unique_values(framework: Framework) -> Iterator[tuple[Hashable, Key, Loc, str]]:
    """Yield each value that must be unique: what it is unique among, its record and place, and itself."""
    terms = framework.all(Term)
    yield from (("term", _key(term), ("term",), term.term) for term in terms)
    yield from (("term", _key(term), ("also", n), name) for term in terms for n, name in enumerate(term.also))
    yield from (("web", _key(source), ("web",), source.web) for source in framework.all(Source) if source.web)
    yield from (("point", ("report", "report"), ("points", n, "id"), point.id) for n, point in enumerate(framework.report.points))
    words = framework.get(Words, "words")
    yield from (("avoid", _key(words), ("avoid", n, "word"), avoided.word) for n, avoided in enumerate(words.avoid))
    for principle in framework.all(Principle):
        for n, undertaking in enumerate(principle.undertakings):
            yield principle.id, _key(principle), ("undertakings", n, "number"), undertaking.number
    for reference in framework.references:
        if isinstance(reference.loc[-1], int):
            yield (reference.holder, reference.loc[:-1]), reference.holder, reference.loc, reference.target[1]


def relation_of_two_terms_is_written_once(framework: Framework) -> Iterator[Problem]:
    """A relation between two terms is written in one of them only; the site shows it in both."""
    first: dict[frozenset[Key], Key] = {}
    for reference in framework.references:
        if reference.relation in ("see", "not_to_be_confused_with.term"):
            other = first.setdefault(frozenset((reference.holder, reference.target)), reference.holder)
            if other != reference.holder:
                wrong, instead = f"the term {other[1]} has this relation already", "delete it; the site shows it in both"
                yield framework.problem(reference.holder, reference.loc, "written-twice", wrong, instead)


def statement_has_a_source(framework: Framework) -> Iterator[Problem]:
    """The meaning of a term, an approach and a cell of a comparison cite a source, a point of the report or a recommendation."""
    stated: list[tuple[Record, str, Part]] = [(term, "meaning", term) for term in framework.all(Term)]
    stated += [(approach, "aim", approach) for approach in framework.all(Approach)]
    for record in (*framework.all(Criterion), *framework.all(CommonTheme)):
        stated += [(record, name, cell) for name, cell in record if isinstance(cell, Cell) and cell.says is not None]
    for record, field, part in stated:
        if not any(getattr(part, support, ()) for support in ("sources", "points", "recommendations")):
            instead = "add sources: or points:" + (", or delete says: if it is not known" if isinstance(part, Cell) else "")
            yield framework.problem(_key(record), (field,), "no-source", "no source is given", instead)


def link_in_prose_leads_somewhere(framework: Framework) -> Iterator[Problem]:
    """A link in prose goes to a record by id, or to an address that begins http, https or mailto."""
    for holder, loc, target, at in _prose_links(framework):
        found = framework.resolve(target)
        if isinstance(found, str):
            yield framework.problem(holder, loc, "bad-link", *found.split("; ", 1), **at)


def _prose_links(framework: Framework) -> Iterator[tuple[Key, Loc, str, dict[str, Any]]]:
    """Yield record, place, target and offset of each link in prose that stays on the site."""
    for key, loc, text in framework.prose:
        for target in links(text):
            if not is_address(target):
                typed = decoded(text)
                yield key, loc, target, {"offset": typed.place(max(typed.shown.find(target.removeprefix("term/")), 0))}


def prose_is_plain_markdown(framework: Framework) -> Iterator[Problem]:
    """Prose holds no macro, HTML, key or Markdown that the site would show as typed."""
    for key, loc, text in framework.prose:
        for offset, wrong, instead in unsupported(text):
            yield framework.problem(key, loc, "mark", wrong, instead, offset=offset)
        plain = _CODE.sub(lambda found: " " * len(found[0]), text)
        for pattern, wrong, instead in _TYPOS:
            for match in pattern.finditer(plain):
                yield framework.problem(key, loc, "mark", wrong, instead, offset=match.start())
        for match in _KEY.finditer(text):
            if (name := match["key"] or match["item"]) in keys_of(type(framework.records[key])):
                wrong, instead = f'"{name}:" inside the text', "if it is a key, begin a line with it, as far in as the key above"
                yield framework.problem(key, loc, "key-in-prose", wrong, instead, offset=match.start(match.lastgroup or 0))


def character_can_be_printed(framework: Framework) -> Iterator[Problem]:
    """No text holds a character that readers cannot see or find, or that the typeface of the printed guides lacks."""
    for key, leaves in framework.leaves.items():
        for leaf in leaves:
            if isinstance(leaf.value, str) and not any(isinstance(mark, Ref) for mark in leaf.marks):
                found = invalid_characters(leaf.value, entities=Text.PROSE in leaf.marks, printed="search" not in leaf.loc)
                for offset, wrong, instead in found:
                    yield framework.problem(key, leaf.loc, "character", wrong, instead, offset=offset)


def publisher_is_set(framework: Framework) -> Iterator[Problem]:
    """The publisher is named and the addresses in data/site.yml are real; until then this is a warning."""
    for field, value in framework.site:
        if isinstance(value, str) and (is_example(value) or (field in ("publisher", "post", "answers") and is_placeholder(value))):
            optional = "" if type(framework.site).model_fields[field].is_required() else ", or delete the line"
            wrong, instead = f'"{value}" is a placeholder', f"write the real one{optional}; until then the site is marked as a draft"
            yield framework.problem(("site", "site"), (field,), "placeholder", wrong, instead, severity="warning")


def is_example(address: str) -> bool:
    """Return whether a web or mail address is one that is reserved for examples."""
    return bool(re.search(r"(?:^|[/@.])example(?:\.(?:com|net|org))?(?:$|/)|\.example(?:$|/)", address))


CHECKS: tuple[Check, ...] = (
    numbers_run_without_gaps,
    id_matches_the_number,
    former_id_is_free,
    stage_has_recommendations,
    letters_run_without_gaps,
    theme_belongs_to_the_stage,
    undertaking_belongs_to_the_principle,
    report_recommendation_cites_its_point,
    every_recommendation_of_the_report_is_there,
    withdrawn_record_is_not_linked,
    record_does_not_name_itself,
    value_is_used_once,
    relation_of_two_terms_is_written_once,
    statement_has_a_source,
    link_in_prose_leads_somewhere,
    prose_is_plain_markdown,
    character_can_be_printed,
    publisher_is_set,
    text_follows_the_house_style,
)
