"""References between records, found from both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from macros.model.base import Record
from macros.model.document import Loc
from macros.model.introspection import Leaf, leaves
from macros.model.types import Ref

Key = tuple[str, str]
"""Kind and id of a record."""


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


class Index:
    """All references, by the record that holds them and by the record that they name."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Read the values and references of `records` once."""
        self.leaves: dict[Key, tuple[Leaf, ...]] = {(record.kind, record.id): leaves(record) for record in records}
        self._by_holder: dict[Key, list[Reference]] = defaultdict(list)
        self._by_target: dict[Key, list[Reference]] = defaultdict(list)
        for holder, values in self.leaves.items():
            for loc, marks, value in values:
                for mark in marks:
                    if isinstance(mark, Ref):
                        reference = Reference(holder, loc, (mark.kind, value))
                        self._by_holder[holder].append(reference)
                        self._by_target[reference.target].append(reference)

    def named_by(self, holder: Key) -> tuple[Reference, ...]:
        """Return the references that `holder` makes, in the order of its fields."""
        return tuple(self._by_holder.get(holder, ()))

    def naming(self, target: Key, holder_kind: str = "", relation: str = "") -> tuple[Reference, ...]:
        """Return the references to `target`, only from records of `holder_kind` and by `relation` if given."""
        return tuple(
            r
            for r in self._by_target.get(target, ())
            if (not holder_kind or r.holder[0] == holder_kind) and (not relation or r.relation == relation)
        )

    def __iter__(self) -> Iterator[Reference]:
        """Yield all references."""
        for references in self._by_holder.values():
            yield from references
