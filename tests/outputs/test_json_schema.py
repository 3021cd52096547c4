"""The schemas for editors are current, and accept what our reader accepts."""

from __future__ import annotations

import json

from macros.model.registry import KINDS
from macros.outputs.json_schema import schemas
from tests.conftest import ROOT


def test_the_schemas_are_current() -> None:
    stale = [o.path for o in schemas() if not (ROOT / o.path).is_file() or (ROOT / o.path).read_bytes() != o.content]
    assert stale == [], "run: svf schema"


def test_no_schema_is_left_over() -> None:
    made = {o.path for o in schemas()}
    assert {f.relative_to(ROOT).as_posix() for f in (ROOT / "data/schema").iterdir()} <= made


def test_every_kind_is_mapped_to_its_files() -> None:
    settings = json.loads({o.path: o.content for o in schemas()}[".vscode/settings.json"])
    assert {f"data/{cls.folder}/*.yml" for cls in KINDS.values()} <= set(settings["yaml.schemas"].values())


def test_a_schema_knows_keys_forms_and_choices() -> None:
    schema = json.loads({o.path: o.content for o in schemas()}["data/schema/recommendation.json"])
    assert schema["additionalProperties"] is False
    assert "id" not in schema["properties"]
    assert "title" in schema["required"]
    assert schema["properties"]["letter"]["pattern"] == "^[a-z]$"
    assert schema["properties"]["title"]["type"] == ["string", "number", "boolean"]
    assert schema["properties"]["ask"]["minItems"] == 2
