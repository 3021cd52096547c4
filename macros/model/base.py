"""Base classes of records: frozen, strict about keys, with an id, an address and a name."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from macros.model.types import PartId


class Part(BaseModel):
    """A group of fields inside a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Record(Part):
    """One file of data/; its id is the name of the file without .yml."""

    kind: ClassVar[str]
    folder: ClassVar[str] = ""
    file: ClassVar[str] = ""
    address: ClassVar[str] = ""
    """Its address from the site's root, with `{field}` for the text of a field."""

    id: Annotated[str, Field(description="The name of its file without .yml; it never changes.")]
    formerly: Annotated[tuple[PartId, ...], Field(description="Ids that it had before; their addresses keep working.")] = ()

    @property
    def url(self) -> str:
        """Return the record's address from the site's root, for example `glossary/#outcome`."""
        return self.address.format_map(dict(self))

    @property
    def old_urls(self) -> tuple[str, ...]:
        """Return the addresses of the record under its former ids."""
        return tuple(self.address.format_map({**dict(self), "id": old}) for old in self.formerly)

    @property
    def name(self) -> str:
        """Return the name of the record on pages and in messages."""
        return str(getattr(self, "title", self.id))
