"""The framework: every record by kind and id, with its relations and its place in the files."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from macros.model.document import Document, Key, Loc, dotted
from macros.model.introspection import leaves
from macros.model.problem import Problem, did_you_mean, likely_typo
from macros.model.records import KINDS, SINGLES, Point, Principle, Recommendation, Record, Report, Site, Stage, Term, Undertaking
from macros.model.types import Ref, Text
from macros.text.inline_markdown import parse_id
from macros.text.patterns import ID_PATTERN

R = TypeVar("R", bound=Record)
Check = Callable[["Framework"], Iterable[Problem]]


@dataclass(frozen=True)
class Reference:
    """One record names another: `holder` at `loc` names `target`."""

    holder: Key
    loc: Loc
    target: Key

    @property
    def relation(self) -> str:
        """Return the name of the field that holds the id, without positions, for example `compact.principle`."""
        return ".".join(step for step in self.loc if isinstance(step, str))


class Framework:
    """Every record of data/, frozen, with relations in both directions."""

    classes = KINDS

    def __init__(self, records: Mapping[Key, Record], documents: Mapping[Key, Document]) -> None:
        """Keep `records` in reading order, and the documents they were read from."""
        self.records = dict(sorted(records.items(), key=lambda item: _order(item[1])))
        self.documents = documents
        self.leaves = {key: leaves(record) for key, record in self.records.items()}
        marks = ((key, leaf, mark) for key, values in self.leaves.items() for leaf in values for mark in leaf.marks)
        self.references = tuple(Reference(key, leaf.loc, (mark.kind, leaf.value)) for key, leaf, mark in marks if isinstance(mark, Ref))
        self._to = defaultdict[Key, list[Reference]](list)
        for reference in self.references:
            self._to[reference.target].append(reference)
        self._position = {key: position for position, key in enumerate(self.records)}
        self._by_class = defaultdict[type[Record], list[Record]](list)
        for record in self.records.values():
            self._by_class[type(record)].append(record)

    def references_to(self, target: Key, kind: str = "", relation: str = "") -> tuple[Reference, ...]:
        """Return the references to `target`, only from records of `kind` and by `relation` if given."""
        return tuple(r for r in self._to.get(target, ()) if kind in ("", r.holder[0]) and relation in ("", r.relation))

    def all(self, cls: type[R]) -> tuple[R, ...]:
        """Return all records of class `cls` in reading order."""
        return cast("tuple[R, ...]", tuple(self._by_class[cls]))

    def some(self, cls: type[R], ids: Iterable[str]) -> tuple[R, ...]:
        """Return the records of class `cls` that have one of `ids`, each once, in reading order."""
        return cast("tuple[R, ...]", self._ordered((cls.kind, record_id) for record_id in ids))

    def _ordered(self, keys: Iterable[Key]) -> tuple[Record, ...]:
        """Return the records of `keys`, each once, in reading order."""
        return tuple(self.records[key] for key in sorted(set(keys), key=self._position.__getitem__))

    def find(self, kind: str, record_id: str) -> Record | None:
        """Return the record of that kind and id, or None."""
        return self.records.get((kind, record_id))

    def get(self, cls: type[R], record_id: str) -> R:
        """Return the record of class `cls` with that id; raise KeyError if there is none."""
        return cast(R, self.records[cls.kind, record_id])

    @functools.cached_property
    def prose(self) -> tuple[tuple[Key, Loc, str], ...]:
        """Return every prose text: the key of its record, its location there, and the text."""
        return tuple((key, leaf.loc, leaf.value) for key, values in self.leaves.items() for leaf in values if Text.PROSE in leaf.marks)

    @property
    def report(self) -> Report:
        """Return the report, with its points."""
        return self.get(Report, "report")

    @property
    def site(self) -> Site:
        """Return the settings of the publisher."""
        return self.get(Site, "site")

    @functools.cached_property
    def points(self) -> dict[str, Point]:
        """Return the report's points by id, in the report's order."""
        return {point.id: point for point in self.report.points}

    def recommendations(self, stage: Stage) -> tuple[Recommendation, ...]:
        """Return the recommendations of `stage`, withdrawn ones too, by letter."""
        return self.some(Recommendation, (r.holder[1] for r in self.references_to(("stage", stage.id), "recommendation", "stage")))

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids that a reference to `kind` may name."""
        return tuple(self.points) if kind == "point" else tuple(record_id for k, record_id in self.records if k == kind)

    def holders(self, record: Record, cls: type[R], relation: str = "") -> tuple[R, ...]:
        """Return the records of class `cls` that name `record` (by `relation`, if given), each once, in reading order."""
        references = self.references_to((record.kind, record.id), cls.kind, relation)
        return self.some(cls, (reference.holder[1] for reference in references if self.shows(reference)))

    def referrers(self, record: Record) -> tuple[Record, ...]:
        """Return all records that name `record` and show it, each once, in reading order."""
        return self._ordered(r.holder for r in self.references_to((record.kind, record.id)) if self.shows(r))

    def neighbours(self, record: Record, parts: Container[Loc] | None = None) -> tuple[Record, ...]:
        """Return the records that `record` names, and those that name it; or only those named in `parts`, the first two steps of places."""
        key = record.kind, record.id
        found = {r.target for r in self.references if r.holder == key and (parts is None or r.loc[:2] in parts)}
        found |= {r.holder for r in self.references_to(key) if parts is None}
        return self._ordered(found & self.records.keys())

    def related(self, term: Term) -> tuple[Term, ...]:
        """Return the terms that `term` says to see, and those that say to see it, in reading order."""
        return self.some(Term, (*term.see, *(other.id for other in self.holders(term, Term, "see"))))

    def serving(self, principle: Principle, stage: Stage) -> tuple[Recommendation, ...]:
        """Return the recommendations of `stage` that serve `principle`, without withdrawn ones."""
        return tuple(r for r in self.recommendations(stage) if not r.withdrawn and any(s.principle == principle.id for s in r.compact))

    def using(self, principle: Principle, undertaking: Undertaking) -> tuple[Recommendation, ...]:
        """Return the recommendations that name `undertaking` of `principle`, without withdrawn ones."""
        serving = (r for stage in self.all(Stage) for r in self.serving(principle, stage))
        return tuple(r for r in serving if any(s.principle == principle.id and undertaking.number in s.undertakings for s in r.compact))

    def moved_away(self, stage: Stage) -> tuple[tuple[str, Recommendation], ...]:
        """Return the former ids with the number of `stage`, each with its recommendation, which is in another stage now."""
        others = (r for r in self.all(Recommendation) if r.stage != stage.id)
        return tuple((old, r) for r in others for old in r.formerly if self.stage_number(old) == str(stage.number))

    @staticmethod
    def stage_number(recommendation_id: str) -> str:
        """Return the digits with which a recommendation's id begins."""
        return "".join(re.findall(r"^\d+", recommendation_id))

    def shows(self, reference: Reference) -> bool:
        """Return whether readers see `reference`: a withdrawn record shows its stage, its points of the report and what replaces it."""
        kept = reference.target[0] == "point" or reference.relation in ("stage", "withdrawn.instead")
        return kept or not getattr(self.records[reference.holder], "withdrawn", None)

    def replaced_by(self, record: Recommendation) -> tuple[Recommendation, ...]:
        """Return the withdrawn recommendations that `record` replaces."""
        return self.holders(record, Recommendation, "withdrawn.instead")

    def resolve(self, target: str) -> Key | str:
        """Return kind and id of the record that a link's `target` names, or a message with what is wrong and what to type."""
        named = parse_id(target)
        if named is None:
            return f'a link to "{target}"; link an id, or an address that begins https://'
        kind, record_id = named
        if kind and kind not in KINDS:
            return f'there is no kind "{kind}"; {did_you_mean(kind, KINDS)}'
        kinds = [k for k in ([kind] if kind else KINDS) if self.find(k, record_id)]
        if not kinds:
            return f'there is no {kind or "record"} "{record_id}"; {self.instead_of(kind, record_id, "link")}'
        if len(kinds) > 1:
            return f'"{record_id}" names more than one record; write {" or ".join(f"{k}/{record_id}" for k in kinds)}'
        return kinds[0], record_id

    def instead_of(self, kind: str, typed: str, what: str = "reference") -> str:
        """Return what to do about a `what` that names no record of `kind` ("" for any): write its new id, fix a typo, or bring it back."""
        kinds = [kind] if kind else list(KINDS)
        if now := next((self._former[k, typed] for k in kinds if (k, typed) in self._former), None):
            return f'it is "{now}" now; write {now}'
        known = {i for k in kinds for i in self.ids(k)}
        names = {name.casefold(): term.id for term in self.all(Term) for name in (term.term, *term.also) if Term.kind in kinds}
        typos = (likely_typo(part, known) for part in (typed, *typed.split()))
        if near := names.get(typed.casefold().replace("-", " ")) or next(filter(None, typos), None):
            return f'did you mean "{near}"?'
        if kind not in KINDS or not re.fullmatch(ID_PATTERN, typed):
            return f"write the id of a {kind or 'record'}{' in data/report.yml' if kind == 'point' else ''}, or remove the {what}"
        alike = [i for i in known if typed[0].isdigit() and i.split("-")[0] == typed.split("-")[0]] or known
        path, withdrawn = f"data/{KINDS[kind].folder}/{typed}.yml", " with withdrawn: in it" if kind == Recommendation.kind else ""
        if 0 < len(alike) <= 5:
            return f"use {' or '.join(sorted(alike))}, or write {path}"
        return f"if it has a new id, add formerly: [{typed}] to that record; if not, bring {path} back{withdrawn}, or remove the {what}"

    def find_now(self, kind: str, record_id: str) -> Record | None:
        """Return the record that has that id, or had it before, or None."""
        return self.find(kind, self._former.get((kind, record_id), record_id))

    @functools.cached_property
    def _former(self) -> dict[Key, str]:
        """Return the ids of records and of the report's points, by each id that they had before."""
        points = {("point", old): point.id for point in self.report.points for old in point.formerly}
        return points | {(record.kind, old): record.id for record in self.records.values() for old in record.formerly}

    def problem(self, key: Key, loc: Loc, name: str, wrong: str, instead: str = "", *, offset: int | None = None, **more: Any) -> Problem:
        """Return a problem at the line of the value at `loc` of the record `key`, or of the character `offset` of that text."""
        document = self.documents[key]
        place = document.place(loc) if offset is None else document.place_in(loc, offset)
        return Problem(document.path, *place, name, wrong, instead, dotted(loc), "/".join(key), **more)


def _order(record: Record) -> tuple[int, int, str, str]:
    stage = Framework.stage_number(record.id) if isinstance(record, Recommendation) else ""
    name = str(getattr(record, "on", "")) or ("" if isinstance(record, Recommendation) else record.name.casefold())
    return [*SINGLES, *KINDS].index(record.kind), int(stage or str(getattr(record, "number", 0))), name, record.id
