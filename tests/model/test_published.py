"""What is given of a record is whole, describes itself, and hides what is not for readers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from macros.model.core import Term
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.public_view import PUBLISHED, Added, Kind, published, schema, words
from macros.model.registry import KINDS, SINGLES

STAMP = Stamp("2026-11", date(2026, 11, 22), "0123abcd", "https://framework.testshire.gov.uk/", "Small framework")
KIND = {kind.name: kind for kind in PUBLISHED}


def given(framework: Framework, kind: str) -> list[dict[str, Any]]:
    return [published(framework, STAMP, KIND[kind], record) for record in KIND[kind].records(framework)]


def validator(kind: Kind) -> Draft202012Validator:
    made = schema(STAMP, kind)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made, format_checker=FormatChecker())


def test_every_kind_is_published_once_and_has_a_name() -> None:
    assert {*KINDS, *SINGLES, "point"} - {"words"} == set(KIND)
    assert len({kind.folder for kind in PUBLISHED}) == len(PUBLISHED)
    assert list(words()["kinds"]) == [kind.name for kind in PUBLISHED]


def test_no_field_has_the_name_of_what_is_added() -> None:
    added = {*Added.model_fields, "edition", "date", "revision"} - {"id"}
    for kind in PUBLISHED:
        assert not added & (set(kind.cls.model_fields) - kind.left_out), kind.name


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_every_record_is_valid_by_its_schema(kind: Kind, real: Framework, small: Framework) -> None:
    check = validator(kind)
    for framework in (real, small):
        for record in given(framework, kind.name):
            assert [e.message for e in check.iter_errors(record)] == []
            assert json.loads(json.dumps(record)) == record
            assert "search" not in record


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_a_schema_refuses_what_is_wrong(kind: Kind, small: Framework) -> None:
    check = validator(kind)
    for record in given(small, kind.name)[:1]:
        for key in record:
            assert list(check.iter_errors({k: v for k, v in record.items() if k != key})), f"{key} may be left out"
            assert list(check.iter_errors({**record, key: {"no": 1}})), f"{key} may be anything"
        assert list(check.iter_errors({**record, "search": []}))
        assert list(check.iter_errors({**record, "kind": "other"}))


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_a_schema_says_what_each_field_is_and_holds_nothing_unused(kind: Kind) -> None:
    made = schema(STAMP, kind)
    assert made["$id"] == f"https://framework.testshire.gov.uk/api/v1/schema/{kind.name}.json"
    assert made["description"]
    assert all(field.get("description") for field in made["properties"].values())
    for part in made["$defs"]:
        assert f"#/$defs/{part}" in json.dumps(made["properties"])


def test_keys_stand_in_the_models_order_and_days_are_iso(small: Framework) -> None:
    (record,) = [r for r in given(small, "source") if r["id"] == "small-law"]
    assert list(record) == [
        *("kind", "id", "name", "address", "formerly", "title", "publisher", "published", "web", "type", "note", "checked_on", "named_by"),
    ]
    assert record["checked_on"] == "2026-11-22"
    assert record["address"] == "https://framework.testshire.gov.uk/about/sources/#small-law"


def test_a_text_is_given_as_it_was_typed(small: Framework) -> None:
    for record in given(small, "term"):
        assert record["meaning"] == small.get(Term, record["id"]).meaning


@pytest.mark.parametrize("name", ["small", "real"])
def test_every_relation_is_told_at_both_ends(name: str, request: pytest.FixtureRequest) -> None:
    framework: Framework = request.getfixturevalue(name)
    told = {
        ((n["kind"], n["id"]), n["relation"], (record["kind"], record["id"]))
        for kind in KIND
        for record in given(framework, kind)
        for n in record["named_by"]
    }
    assert told == {(r.holder, r.relation, r.target) for r in framework.index}


def test_who_names_a_record_twice_by_one_field_is_listed_once(real: Framework) -> None:
    for kind in KIND:
        for record in given(real, kind):
            assert len({json.dumps(n) for n in record["named_by"]}) == len(record["named_by"])
