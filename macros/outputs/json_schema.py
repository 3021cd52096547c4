"""A JSON Schema for each kind of record, and the editor settings that point to it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from macros.model.output import Output
from macros.model.records import KINDS, SINGLES


class _TextAsTyped(GenerateJsonSchema):
    """Accepts numbers and yes or no without quotes as text, as our reader does."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Return the schema of a text."""
        return super().str_schema(schema) | {"type": ["string", "number", "boolean"]}


@functools.cache
def schemas() -> tuple[Output, ...]:
    """Return data/schema/<kind>.json for each kind of record, and .vscode/settings.json; paths run from the project's root."""
    files: dict[str, str] = {}
    contents: dict[str, Any] = {}
    for kind, cls in {**KINDS, **SINGLES}.items():
        path, schema = f"data/schema/{kind}.json", cls.model_json_schema(schema_generator=_TextAsTyped)
        schema["properties"].pop("id")
        schema["required"].remove("id")
        files[f"./{path}"] = f"data/{cls.folder}/*.yml" if cls.folder else f"data/{cls.file}"
        contents[path] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    settings = {"yaml.schemas": files, "yaml.format.enable": False, "files.eol": "\n", "editor.insertSpaces": True, "editor.tabSize": 2}
    contents[".vscode/settings.json"] = settings
    return tuple(Output(path, (json.dumps(each, indent=2, ensure_ascii=False) + "\n").encode()) for path, each in contents.items())


def stale(root: Path) -> tuple[Output, ...]:
    """Return the schemas whose file in the project `root` is missing or out of date."""
    return tuple(output for output in schemas() if not (file := root / output.path).is_file() or file.read_bytes() != output.content)
