"""Records as the open data give them: their fields, their address, and the records that name them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema, to_json

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import KINDS, Part, Point, Recommendation, Record, Report, Site
from macros.model.types import Line
from macros.templates import texts

VERSION = "v1"
API = f"api/{VERSION}/"  # the folder of the open data, from the site's root; removing or renaming a field makes it v2

data_texts = functools.partial(texts, "outputs/open_data.json")  # names, and the licence


class Naming(Part):
    """A record that names this one."""

    kind: Annotated[Line, Field(description="The kind of the record that names it.")]
    id: Annotated[Line, Field(description="The id of the record that names it.")]
    relation: Annotated[Line, Field(description="The field by which it does, for example compact.principle.")]


class Added(Part):
    """What the open data add to the fields of each record."""

    kind: Annotated[Line, Field(description="What kind of record it is.")]
    id: Annotated[Line, Field(description="Its id, unique within its kind; it never changes.")]
    name: Annotated[Line, Field(description="The name that pages show.")]
    address: Annotated[Line, Field(description="The whole address at which the site shows it.")]
    named_by: Annotated[tuple[Naming, ...], Field(description="The records that name it, and by which field.")]


@dataclass(frozen=True)
class PublishedKind:
    """One kind of record in the open data: its name, its folder there, its class, and where its files live in the project."""

    name: str
    folder: str
    cls: type[Record]
    files: str

    @property
    def left_out(self) -> frozenset[str]:
        """Return the fields that are left out: words for the search, and what another kind or the stamp gives."""
        return frozenset({Report.kind: {"points"}, Site.kind: {"edition", "edition_date"}}.get(self.name, {"search"}))

    def path(self, suffix: str) -> str:
        """Return the path, from the site's root, of all its records in the form `suffix`, for example `json`."""
        return f"{API}{self.folder}.{suffix}"

    def path_of(self, record_id: str) -> str:
        """Return the path, from the site's root, of the one record `record_id`."""
        return f"{API}{self.folder}/{record_id}.json"

    @property
    def schema_path(self) -> str:
        """Return the path, from the site's root, of its JSON Schema."""
        return f"{API}schema/{self.name}.json"

    def records(self, framework: Framework) -> tuple[Record, ...]:
        """Return its records, in reading order."""
        return tuple(r for r in (*framework.points.values(), *framework.records.values()) if isinstance(r, self.cls))


PUBLISHED = (
    PublishedKind(Report.kind, "report", Report, f"data/{Report.file}"),
    PublishedKind("point", "points", Point, f"data/{Report.file}"),
    *(PublishedKind(cls.kind, cls.folder, cls, f"data/{cls.folder}/*.yml") for cls in KINDS.values()),
    PublishedKind(Site.kind, "site", Site, f"data/{Site.file}"),
)


def labelled(record: Record) -> Record:
    """Return `record`; if it is a recommendation added since the report, with "Proposed: " before what it says."""
    if isinstance(record, Recommendation) and record.added:
        return record.model_copy(update={"says": f"Proposed: {record.says}"})
    return record


def as_json(value: dict[str, Any]) -> bytes:
    """Return `value` as JSON that is also safe inside HTML."""
    return to_json(value, indent=2).replace(b"<", b"\\u003c") + b"\n"


def published(framework: Framework, stamp: Stamp, kind: PublishedKind, record: Record) -> dict[str, Any]:
    """Return `record` as the open data give it: with every key, in the model's order, and null or [] for no value."""
    references = framework.references_to((kind.name, record.id))
    return {
        "kind": kind.name,
        "id": record.id,
        "name": record.name,
        "address": stamp.at(record.url),
        **labelled(record).model_dump(mode="json", exclude={"id", *kind.left_out}),
        "named_by": [
            {"kind": holder, "id": holder_id, "relation": relation}
            for (holder, holder_id), relation in dict.fromkeys((r.holder, r.relation) for r in references)
        ],
    }


class _WithoutDefaults(GenerateJsonSchema):
    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema without a default."""
        return self.generate_inner(schema["schema"])


def schema(stamp: Stamp, kind: PublishedKind) -> dict[str, Any]:
    """Return the JSON Schema of one record of `kind` as `published` gives it."""
    own, added = (cls.model_json_schema(mode="serialization", schema_generator=_WithoutDefaults) for cls in (kind.cls, Added))
    named_by = added["properties"].pop("named_by")
    fields = {name: field for name, field in own["properties"].items() if name not in {"id", *kind.left_out}}
    properties = {**added["properties"], **fields, "named_by": named_by}
    properties["kind"] |= {"const": kind.name}
    parts = own.get("$defs", {}) | added["$defs"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": stamp.at(kind.schema_path),
        **own,
        "properties": properties,
        "required": list(properties),
        "$defs": {name: part for name, part in parts.items() if f"'#/$defs/{name}'" in str((properties, parts))},
    }
