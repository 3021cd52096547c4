"""Pagefind's index is brought into one order, and stays an index."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from macros.steady import _bytes, _read, _value, steady

MARK = b"pagefind_dcd"


def index(folder: Path, kinds: list[Any], filters: list[list[str]]) -> Path:
    """An index with two filters, as Pagefind writes them: in an order of its own."""
    (folder / "filter").mkdir(parents=True)

    def put(name: str, value: Any) -> None:
        (folder / name).write_bytes(gzip.compress(MARK + _bytes(value)))

    put("filter/en_aaaaaaa.pf_filter", ["kind", kinds])
    put("filter/en_bbbbbbb.pf_filter", ["stage", [["Stage 1", [0, 300, 70_000]]]])
    put("pagefind.en_0123456789.pf_meta", ["1.5.2", [["en_1", 24]], [["a", "z", "en_2"]], filters, [], ["title"]])
    (folder / "pagefind-entry.json").write_text(json.dumps({"languages": {"en": {"hash": "en_0123456789", "wasm": "en"}}}))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_two_orders_of_the_same_give_the_same_bytes(tmp_path: Path) -> None:
    one = index(tmp_path / "one", [["Term", [1]], ["Page", [0]]], [["kind", "en_aaaaaaa"], ["stage", "en_bbbbbbb"]])
    other = index(tmp_path / "other", [["Page", [0]], ["Term", [1]]], [["stage", "en_bbbbbbb"], ["kind", "en_aaaaaaa"]])
    steady(one)
    steady(other)
    assert tree(one) == tree(other)
    again = shutil.copytree(one, tmp_path / "again")
    steady(again)
    assert tree(again) == tree(one)


def test_every_name_leads_to_its_file_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = index(tmp_path / "one", [["Term", [1]], ["Page", [0]]], [["kind", "en_aaaaaaa"], ["stage", "en_bbbbbbb"]])
    steady(folder)
    named = json.loads((folder / "pagefind-entry.json").read_text())["languages"]["en"]["hash"]
    version, pages, chunks, filters, sorts, shown = _read(folder / f"pagefind.{named}.pf_meta")
    assert (version, pages, chunks, sorts, shown) == ("1.5.2", [["en_1", 24]], [["a", "z", "en_2"]], [], ["title"])
    held = {name: _read(folder / f"filter/{file}.pf_filter") for name, file in filters}
    assert held == {"kind": ["kind", [["Page", [0]], ["Term", [1]]]], "stage": ["stage", [["Stage 1", [0, 300, 70_000]]]]}
    assert len(list(folder.rglob("*.pf_*"))) == 3


@pytest.mark.parametrize("value", [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, "", "é" * 30, [[], ["a", 1]], list(range(30))])
def test_what_is_written_reads_the_same(value: Any) -> None:
    from io import BytesIO

    assert _value(BytesIO(_bytes(value))) == value


def test_numbers_are_written_as_short_as_can_be() -> None:
    assert _bytes([23, 24, 256, "a"]) == bytes([0x84, 23, 0x18, 24, 0x19, 1, 0, 0x61, 97])


def test_what_pagefind_has_never_written_is_not_guessed_at() -> None:
    from io import BytesIO

    with pytest.raises(ValueError, match="CBOR of type 7"):
        _value(BytesIO(b"\xf5"))
