"""The schemas for editors are up to date, and accept what our reader accepts."""

from __future__ import annotations

import json

from macros.model.records import KINDS
from macros.outputs.json_schema import schemas, stale
from tests.conftest import ROOT


def test_the_files_are_up_to_date_and_each_kind_has_one() -> None:
    files = {output.path: json.loads(output.content) for output in schemas()}
    assert stale(ROOT) == (), "run: svf schema"
    assert {file.relative_to(ROOT).as_posix() for file in (ROOT / "data/schema").iterdir()} <= set(files)
    assert {f"data/{cls.folder}/*.yml" for cls in KINDS.values()} <= set(files[".vscode/settings.json"]["yaml.schemas"].values())


def test_a_schema_has_keys_patterns_and_limits() -> None:
    schema = json.loads({output.path: output.content for output in schemas()}["data/schema/recommendation.json"])
    assert schema["additionalProperties"] is False
    assert "id" not in schema["properties"]
    assert "title" in schema["required"]
    assert schema["properties"]["letter"]["pattern"] == "^[a-z]$"
    assert schema["properties"]["title"]["type"] == ["string", "number", "boolean"]
    assert schema["properties"]["ask"]["minItems"] == 2
