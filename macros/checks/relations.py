"""Rules over all records: one generator each in CHECKS, whose docstring states the rule."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from string import ascii_lowercase

from macros.checks.house_style import text_follows_the_house_style
from macros.model import records
from macros.model.document import Key, Loc
from macros.model.framework import Check, Framework
from macros.model.introspection import keys_of
from macros.model.problem import Problem, did_you_mean
from macros.model.types import Ref, Text, is_placeholder
from macros.templates import texts
from macros.text.characters import invalid_characters
from macros.text.inline_markdown import is_address, links, unsupported
from macros.text.segmentation import blocks, passage, sentences

RECOMMENDATION_ID = re.compile(r"\d+[a-z]")  # the form of a recommendation's id, and of the report's points that are recommendations
_CODE = re.compile(r"`[^`]*`")
_TYPOS = tuple((re.compile(pattern), wrong, instead) for pattern, wrong, instead in texts("messages/markdown.yml")["typos"])
# What looks like a key at the end of a line of prose, or alone in it, or in an item of a list.
_KEY = re.compile(r"(?m)(?:^ *(?:- )?|[.?!] ?)(?P<key>[a-z_]+):(?= \|-$| *$)|^ *- (?P<item>[a-z_]+): ")
_BLANK = re.compile(r"\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\]")  # a blank of a template, for example [name of the service]
_NO_BLANK = re.compile(r"_{2,}|\.{3,}|…|\bX{2,}\b|[\[\]<>]")  # what looks like another kind of blank
CHECKS: list[Check] = [text_follows_the_house_style]

# A record, the place in it, the name of the problem, what is wrong, and what to write instead.
_Fault = tuple[records.Record, Loc, str, str, str]


def _rule(rule: Callable[[Framework], Iterator[Problem | _Fault]]) -> Check:
    """List `rule` in CHECKS, with a problem for each fault."""

    @functools.wraps(rule)
    def check(framework: Framework) -> Iterator[Problem]:
        for found in rule(framework):
            yield found if isinstance(found, Problem) else framework.problem((found[0].kind, found[0].id), *found[1:])

    CHECKS.append(check)
    return check


@_rule
def numbers_and_ids_agree(framework: Framework) -> Iterator[_Fault]:
    """Numbers run from 1 without gaps; an id begins with the number, and a recommendation's is its stage's number and its letter."""
    for cls in framework.classes.values():
        for expected, record in enumerate(framework.all(cls), 1):
            if isinstance(record, records.NumberedRecord) and record.number != expected:
                wrong, instead = f"{cls.kind} {record.number} is out of order", f"the next {cls.kind} is {expected}"
                yield record, ("number",), "number", wrong, instead
                break
    for numbered in (*framework.all(records.Stage), *framework.all(records.Principle)):
        if not numbered.id.startswith(f"{numbered.number}-"):
            instead = f"rename it to begin with {numbered.number}-, or change the number"
            yield numbered, ("number",), "file-number", f'the file is called "{numbered.id}"', instead
    for recommendation in framework.all(records.Recommendation):
        expected_id = f"{framework.get(records.Stage, recommendation.stage).number}{recommendation.letter}"
        if recommendation.id != expected_id:
            instead = f"correct them, or rename the file to {expected_id}.yml"
            yield recommendation, ("letter",), "recommendation-name", f'stage and letter make "{expected_id}"', instead


@_rule
def wording_can_be_copied(framework: Framework) -> Iterator[_Fault]:
    """Wording to copy has no links, a cell for each column, and blanks only in templates, each in square brackets."""
    wordings: list[tuple[records.Record, str, tuple[records.Section, ...]]] = []
    wordings += [(record, "parts", record.parts) for record in framework.all(records.Template)]
    wordings += [(record, "extracts", record.extracts) for record in framework.all(records.ExampleStage)]
    for record, field, sections in wordings:
        for n, section in enumerate(sections):
            for m, row in enumerate(section.rows):
                if len(row.cells) != len(section.columns):
                    wrong = f"the number of cells ({len(row.cells)}) differs from the number of columns ({len(section.columns)})"
                    yield record, (field, n, "rows", m, "cells"), "row-length", wrong, "write one cell for each column"
            if not (section.text or section.items or section.rows):
                yield record, (field, n, "heading"), "empty-section", "nothing below this heading", "write text:, items: or rows:"
        for leaf in framework.leaves[record.kind, record.id]:
            if leaf.loc[0] == field and isinstance(leaf.value, str) and leaf.loc[-1] != "template":
                text = _BLANK.sub("", leaf.value)
                if list(links(leaf.value)):
                    yield record, leaf.loc, "link-in-wording", "a link in wording that people copy", "write it without the link"
                elif found := (field == "extracts" and _BLANK.search(leaf.value)) or _NO_BLANK.search(text):
                    instead = "write [what goes there]" if field == "parts" else "write the words that are filled in"
                    yield record, leaf.loc, "blank", f'"{found[0]}" as a blank', instead


@_rule
def recommendations_serve_principles_values_and_audiences(framework: Framework) -> Iterator[_Fault]:
    """A recommendation serves a principle and a value, if the framework has any, and each audience has a step in one."""
    for record in framework.all(records.Recommendation):
        for field, cls, served in (("compact", records.Principle, record.compact), ("values", records.Value, record.values)):
            if framework.all(cls) and not served:
                yield record, (field,), "serves-nothing", f"it serves no {cls.kind}", f"add the {cls.kind} that it serves to {field}:"
    for audience in framework.all(records.Audience):
        if not framework.holders(audience, records.Recommendation):
            instead = f"name {audience.id} in a step of a recommendation, or delete this file and content/{audience.url[:-1]}.md"
            yield audience, (), "no-steps", "no recommendation has a step for this audience", instead


@_rule
def stage_is_complete(framework: Framework) -> Iterator[_Fault]:
    """A stage has recommendations, lettered from a without gaps even if some are withdrawn or moved, and each theme has one."""
    moved = {old for r in framework.all(records.Recommendation) for old in r.formerly}
    for stage in framework.all(records.Stage):
        themes, recommendations = [theme.id for theme in stage.themes], framework.recommendations(stage)
        ids = [i for letter in ascii_lowercase if (i := f"{stage.number}{letter}") not in moved]
        if all(r.withdrawn for r in recommendations):
            free = next(i for i in ids if i not in {r.id for r in recommendations})
            yield stage, (), "empty-stage", "the stage has no recommendations", f"write data/recommendations/{free}.yml"
        if gap := next(((r, i) for r, i in zip(recommendations, ids, strict=False) if r.letter > i[-1]), None):
            instead = f"take the next free letter, or restore {gap[1]} with withdrawn:"
            yield gap[0], ("letter",), "letter-gap", f"{gap[1]} is missing", instead
        for record in recommendations:
            if record.theme is not None and record.theme not in themes:
                instead = did_you_mean(record.theme, themes) or f"add it to data/stages/{stage.id}.yml, or delete the line"
                yield record, ("theme",), "unknown-theme", f'stage {stage.id} has no theme "{record.theme}"', instead
        for position, theme in enumerate(themes):
            if theme not in {record.theme for record in recommendations}:
                wrong, instead = f'no recommendation has the theme "{theme}"', "give it to one, or delete the theme"
                yield stage, ("themes", position), "empty-theme", wrong, instead


@_rule
def undertaking_belongs_to_the_principle(framework: Framework) -> Iterator[_Fault]:
    """An undertaking's number begins with its principle's number; a recommendation names undertakings of the principle next to them."""
    for principle in framework.all(records.Principle):
        for position, undertaking in enumerate(principle.undertakings):
            if not undertaking.number.startswith(f"{principle.number}."):
                wrong, instead = f"{undertaking.number} in principle {principle.number}", f"begin it with {principle.number}."
                yield principle, ("undertakings", position, "number"), "undertaking-number", wrong, instead
    for record in framework.all(records.Recommendation):
        for position, service in enumerate(record.compact):
            known = [u.number for u in framework.get(records.Principle, service.principle).undertakings]
            for n, number in enumerate(service.undertakings):
                if number not in known:
                    wrong = f"{service.principle} has no undertaking {number}"
                    instead = f"use one of: {', '.join(known)}" if known else "delete it"
                    yield record, ("compact", position, "undertakings", n), "unknown-undertaking", wrong, instead


@_rule
def stage_says_how_it_serves_each_principle(framework: Framework) -> Iterator[_Fault]:
    """A stage has one sentence for each principle that its recommendations serve, and none for another."""
    for stage in framework.all(records.Stage):
        written = [service.principle for service in stage.compact]
        for principle in framework.all(records.Principle):
            serving = framework.serving(principle, stage)
            if serving and principle.id not in written:
                wrong = f"no sentence for {principle.id}, which {serving[0].id} serves"
                yield stage, ("compact",), "compact-missing", wrong, "add it to compact:"
            elif written.count(principle.id) > bool(serving):
                loc = ("compact", len(written) - 1 - written[::-1].index(principle.id), "principle")
                wrong = f"{principle.id} has a sentence already" if serving else f"no recommendation of the stage serves {principle.id}"
                yield stage, loc, "compact-extra", wrong, "delete it"


@_rule
def report_and_recommendations_agree(framework: Framework) -> Iterator[_Fault]:
    """Each recommendation of the report has its record, which cites the points of its ids, now and before, and has no `added`."""
    ids = {i for r in framework.all(records.Recommendation) for i in (r.id, *r.formerly)}
    for record in framework.all(records.Recommendation):
        for point in (record.id, *record.formerly):
            if point in framework.points and RECOMMENDATION_ID.fullmatch(point) and point not in record.points:
                yield record, ("points",), "no-point", "the report's point is not cited", f"add {point} to points:"
        if record.added and record.id in framework.points:
            yield record, ("added",), "not-added", "this recommendation is the report's", "delete the line"
    for position, point in enumerate(framework.points):
        if RECOMMENDATION_ID.fullmatch(point) and point not in ids:
            instead = f"restore data/recommendations/{point}.yml; add withdrawn: to it if it no longer counts"
            yield framework.report, ("points", position), "missing-recommendation", f"{point} has no record", instead


@_rule
def withdrawn_record_is_not_linked(framework: Framework) -> Iterator[Problem]:
    """No record names a withdrawn recommendation, except one that is withdrawn itself."""
    withdrawn = {(r.kind, r.id): r.withdrawn for r in framework.all(records.Recommendation) if r.withdrawn}
    named: list[tuple[Key, Loc, Key | str, int | None]] = [(r.holder, r.loc, r.target, None) for r in framework.references]
    named += [(holder, loc, framework.resolve(target), offset) for holder, loc, target, offset in _prose_links(framework)]
    for holder, loc, target, offset in named:
        if not isinstance(target, str) and target in withdrawn and holder not in withdrawn:
            better = ", ".join(i for i in withdrawn[target].instead if i != holder[1])
            instead = f"write {better} instead, or remove the reference" if better else "remove the reference"
            yield framework.problem(holder, loc, "withdrawn", f"{target[1]} is withdrawn", instead, offset=offset)


@_rule
def value_is_used_once(framework: Framework) -> Iterator[_Fault]:
    """No two terms share a name, sources an address, records an id (even a former one) or words a spelling; a list names an id once."""
    first: dict[Hashable, records.Record] = {}
    for scope, record, loc, value in _unique_values(framework):
        other = first.get((scope, value.casefold()))
        if other is record:
            yield record, loc, "twice", f'"{value}" is listed twice', "delete one of the two"
        elif other:
            path = framework.documents[other.kind, other.id].path
            yield record, loc, "twice", f'"{value}" is already used in {path}', "keep it in one of the two files"
        first.setdefault((scope, value.casefold()), record)


def _unique_values(framework: Framework) -> Iterator[tuple[Hashable, records.Record, Loc, str]]:
    """Yield each value that must be unique: what it is unique among, its record and place, and itself."""
    report, words, terms = framework.report, framework.get(records.Words, "words"), framework.all(records.Term)
    ids: list[tuple[str, records.Record, Loc, records.Record | records.Point]] = [(r.kind, r, (), r) for r in framework.records.values()]
    ids += [("point", report, ("points", n), point) for n, point in enumerate(report.points)]
    yield from ((kind, record, (*loc, "id"), owner.id) for kind, record, loc, owner in ids)
    yield from ((kind, record, (*loc, "formerly", n), old) for kind, record, loc, owner in ids for n, old in enumerate(owner.formerly))
    yield from (("name", term, ("term",), term.term) for term in terms)
    yield from (("name", term, ("also", n), name) for term in terms for n, name in enumerate(term.also))
    yield from (("web", source, ("web",), source.web) for source in framework.all(records.Source) if source.web)
    yield from (("avoid", words, ("avoid", n, "word"), avoided.word) for n, avoided in enumerate(words.avoid))
    for principle in framework.all(records.Principle):
        numbers = enumerate(undertaking.number for undertaking in principle.undertakings)
        yield from ((principle.id, principle, ("undertakings", n, "number"), number) for n, number in numbers)
    for reference in framework.references:
        if isinstance(reference.loc[-1], int):
            yield (reference.holder, reference.loc[:-1]), framework.records[reference.holder], reference.loc, reference.target[1]


@_rule
def relation_joins_two_records_once(framework: Framework) -> Iterator[Problem]:
    """No record names itself, and a relation between two terms is written in one of them only, as the site shows it in both."""
    first: dict[frozenset[Key], Key] = {}
    for reference in framework.references:
        holder, both = reference.holder, frozenset((reference.holder, reference.target))
        if len(both) == 1:
            yield framework.problem(holder, reference.loc, "names-itself", "the record names itself", "delete it")
        elif reference.relation in ("see", "not_to_be_confused_with.term") and first.setdefault(both, holder) != holder:
            wrong, instead = f"the term {first[both][1]} has this relation already", "delete it; the site shows it in both"
            yield framework.problem(holder, reference.loc, "written-twice", wrong, instead)


@_rule
def statement_has_a_source(framework: Framework) -> Iterator[_Fault]:
    """The meaning of a term, an approach and a cell of a comparison cite a source, a point of the report or a recommendation."""
    stated: list[tuple[records.Record, str, records.Part]] = [(term, "meaning", term) for term in framework.all(records.Term)]
    stated += [(approach, "aim", approach) for approach in framework.all(records.Approach)]
    for compared in (*framework.all(records.Criterion), *framework.all(records.CommonTheme)):
        stated += [(compared, name, cell) for name, cell in compared if isinstance(cell, records.Cell) and cell.says is not None]
    for record, field, part in stated:
        if not any(getattr(part, support, ()) for support in ("sources", "points", "recommendations")):
            instead = "add sources: or points:" + (", or delete says: if it is not known" if isinstance(part, records.Cell) else "")
            yield record, (field,), "no-source", "no source is given", instead


@_rule
def link_in_prose_leads_somewhere(framework: Framework) -> Iterator[Problem]:
    """A link in prose goes to a record by id, or to an address that begins http, https or mailto."""
    for holder, loc, target, offset in _prose_links(framework):
        if isinstance(found := framework.resolve(target), str):
            yield framework.problem(holder, loc, "bad-link", *found.split("; ", 1), offset=offset)


def _prose_links(framework: Framework) -> Iterator[tuple[Key, Loc, str, int]]:
    """Yield record, place, target and offset of each link in prose that stays on the site."""
    for key, loc, text in framework.prose:
        for target in links(text):
            if not is_address(target):
                yield key, loc, target, max(text.find(target.removeprefix("term/")), 0)


@_rule
def prose_is_plain_markdown(framework: Framework) -> Iterator[Problem]:
    """Prose holds no macro, HTML, key or Markdown that the site would show as typed."""
    for key, loc, text in framework.prose:
        for offset, wrong, instead in unsupported(text):
            if loc[0] == "parts" and wrong.startswith("a link"):
                continue  # a blank of a template
            yield framework.problem(key, loc, "mark", wrong, instead, offset=offset)
        plain = _CODE.sub(lambda found: " " * len(found[0]), text)
        for pattern, wrong, instead in _TYPOS:
            for match in pattern.finditer(plain):
                yield framework.problem(key, loc, "mark", wrong, instead, offset=match.start())
        for match in _KEY.finditer(text):
            if (name := match["key"] or match["item"]) in keys_of(type(framework.records[key])):
                wrong, instead = f'"{name}:" inside the text', "if it is a key, begin a line with it, as far in as the key above"
                yield framework.problem(key, loc, "key-in-prose", wrong, instead, offset=match.start(match.lastgroup or 0))


@_rule
def character_can_be_printed(framework: Framework) -> Iterator[Problem]:
    """No text holds a character that readers cannot see or find, or that the typeface of the printed guides lacks."""
    for key, leaves in framework.leaves.items():
        for leaf in leaves:
            if isinstance(leaf.value, str) and not any(isinstance(mark, Ref) for mark in leaf.marks):
                found = invalid_characters(leaf.value, entities=Text.PROSE in leaf.marks, printed="search" not in leaf.loc)
                for offset, wrong, instead in found:
                    yield framework.problem(key, leaf.loc, "character", wrong, instead, offset=offset)


@_rule
def recommendations_share_no_sentence(framework: Framework) -> Iterator[Problem]:
    """No two recommendations give the same advice: they share no sentence of six or more words."""
    first: dict[str, str] = {}
    for key, loc, text in framework.prose:
        if key[0] == records.Recommendation.kind and loc[0] in ("why", "do", "avoid", "ask", "compact"):
            for sentence in (found for block in blocks(passage(text).shown) for found in sentences(block)):
                if len(sentence.words) >= 6 and (other := first.setdefault(sentence.shown, key[1])) != key[1]:
                    wrong, instead = f"{other} has the same sentence", "reword it for this recommendation, or delete it"
                    yield framework.problem(key, loc, "same-sentence", wrong, instead, offset=sentence.start)


_NAMES = {"principle": ["agreement", "agreement_name"], "common-core": ["agreement_name", "strategy_name"], "criterion": ["compared_with"]}


@_rule
def publisher_is_set(framework: Framework) -> Iterator[Problem]:
    """The publisher is named and the addresses in data/site.yml are real, or this is a warning; names that records need are there."""
    for kind, field in ((k, f) for k, fields in _NAMES.items() if framework.ids(k) for f in fields if not getattr(framework.site, f)):
        wrong = f"the records in data/{records.KINDS[kind].folder}/ need {field}:"
        yield framework.problem(("site", "site"), (), "needed", wrong, f"add the line {field}:, as data/README.md says")
    for field, value in framework.site:
        if isinstance(value, str) and (is_example(value) or (field in ("publisher", "post", "answers") and is_placeholder(value))):
            optional = "" if type(framework.site).model_fields[field].is_required() else ", or delete the line"
            wrong, instead = f'"{value}" is a placeholder', f"write the real one{optional}; until then the site is marked as a draft"
            yield framework.problem(("site", "site"), (field,), "placeholder", wrong, instead, severity="warning")


def is_example(address: str) -> bool:
    """Return whether a web or mail address is one that is reserved for examples."""
    return bool(re.search(r"(?:^|[/@.])example(?:\.(?:com|net|org))?(?:$|/)|\.example(?:$|/)", address))


def overdue(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each law not checked for a year before `day`, other record for two years, and check date after it."""
    for key, record in framework.records.items():
        if checked_on := getattr(record, "checked_on", None):
            due = f"{checked_on.year + (1 if record.kind == records.Law.kind else 2)}-{checked_on:%m-%d}"
            if due < day.isoformat():
                wrong, instead = f"last checked on {checked_on}, due on {due}", "check its sources again and write today's date"
                yield framework.problem(key, ("checked_on",), "overdue", wrong, instead)
            elif checked_on > day:
                wrong, instead = f"{checked_on} is later than {day}", "write the day on which you checked its sources"
                yield framework.problem(key, ("checked_on",), "checked-in-future", wrong, instead)
