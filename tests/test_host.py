"""A folder is served as a web server would serve it."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from macros.host import served


def test_files_come_packed_and_folders_by_their_index(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text("<p>a</p>")
    (tmp_path / "a/picture.png").write_bytes(b"png")
    (tmp_path / "404.html").write_text("<p>none</p>")
    with served(tmp_path, {"X-More": "yes"}) as address:
        assert address.startswith("http://127.0.0.1:")
        for path in ("a/", "a", "a/index.html?q=x"):
            with urllib.request.urlopen(address + path) as answer:  # noqa: S310
                assert gzip.decompress(answer.read()) == b"<p>a</p>", path
                assert answer.headers["Content-Type"] == "text/html"
                assert answer.headers["X-More"] == "yes"
        with urllib.request.urlopen(f"{address}a/picture.png") as answer:  # noqa: S310
            assert answer.read() == b"png"
        with pytest.raises(urllib.error.HTTPError) as found:
            urllib.request.urlopen(f"{address}gone/")  # noqa: S310
        assert found.value.code == 404
        assert gzip.decompress(found.value.read()) == b"<p>none</p>"


def test_what_lies_outside_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.txt").write_text("no")
    with served(tmp_path / "site") as address, pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{address}../secret.txt")  # noqa: S310
