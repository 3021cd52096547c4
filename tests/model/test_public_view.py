"""The open data of a record are complete and valid, and leave out what is not for readers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.public_view import PUBLISHED, PublishedKind, data_texts, published, schema
from macros.model.records import KINDS, SINGLES

STAMP = Stamp("2026-11", date(2026, 11, 22), "0123abcd", "https://framework.testshire.gov.uk/", "Small framework")
KIND = {kind.name: kind for kind in PUBLISHED}


def given(framework: Framework, kind: str) -> list[dict[str, Any]]:
    return [published(framework, STAMP, KIND[kind], record) for record in KIND[kind].records(framework)]


def validator(kind: PublishedKind) -> Draft202012Validator:
    made = schema(STAMP, kind)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made, format_checker=FormatChecker())


def test_every_kind_is_published_once_and_has_a_name() -> None:
    assert {*KINDS, *SINGLES, "point"} - {"words"} == set(KIND)
    assert len({kind.folder for kind in PUBLISHED}) == len(PUBLISHED)
    assert list(data_texts()["kinds"]) == [kind.name for kind in PUBLISHED]


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_every_record_is_valid_by_its_schema(kind: PublishedKind, real: Framework, small: Framework) -> None:
    check = validator(kind)
    for record in (*given(real, kind.name), *given(small, kind.name)):
        assert [e.message for e in check.iter_errors(record)] == []
        assert "search" not in record


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_a_schema_refuses_missing_wrong_and_unknown_fields(kind: PublishedKind, small: Framework) -> None:
    check = validator(kind)
    for record in given(small, kind.name)[:1]:
        for key in record:
            assert list(check.iter_errors({k: v for k, v in record.items() if k != key})), f"{key} may be left out"
            assert list(check.iter_errors({**record, key: {"no": 1}})), f"{key} may be anything"
        assert list(check.iter_errors({**record, "search": []}))
        assert list(check.iter_errors({**record, "kind": "other"}))


def test_every_relation_is_given_once_at_both_ends(real: Framework) -> None:
    relations = [
        ((naming["kind"], naming["id"]), naming["relation"], (kind, record["id"]))
        for kind in KIND
        for record in given(real, kind)
        for naming in record["named_by"]
    ]
    assert len(relations) == len(set(relations))
    assert set(relations) == {(r.holder, r.relation, r.target) for r in real.references}
