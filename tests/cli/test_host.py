"""A folder is served as a web server would serve it, at an address that can be used."""

from __future__ import annotations

import errno
import gzip
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from macros.site_build.serve_address import AddressError, usable
from tests.support.http_server import served


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


@pytest.mark.parametrize(("address", "found"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("[::1]", "::1"), ("::1", "::1")])
def test_an_address_of_this_machine_can_be_served_at(address: str, found: str) -> None:
    family = socket.AF_INET6 if ":" in found else socket.AF_INET
    try:
        with socket.socket(family) as free:
            free.bind((found, 0))
            port = free.getsockname()[1]
    except OSError:
        pytest.skip(f"this machine has no {found}")
    assert usable(f"{address}:{port}") == (found, port)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("8001", '"8001" is not an IP address with a port'),
        ("127.0.0.1:", "is not an IP address with a port"),
        ("127.0.0.1:http", "is not an IP address with a port"),
        ("http://127.0.0.1:8000", "is not an IP address with a port"),
        ("127.0.0.1:٨٠٠٠", "is not an IP address with a port"),
        ("framework.example.org:8000", "is not an IP address with a port"),
        ("[127.0.0.1:8000", "is not an IP address with a port"),
        ("127.0.0.1:0", "There is no port 0, only 1 to 65535"),
        ("127.0.0.1:70000", "There is no port 70000, only 1 to 65535"),
        ("192.0.2.1:8000", "192.0.2.1 is not an address of this machine"),
    ],
)
def test_a_wrong_address_gets_a_suggestion(address: str, message: str) -> None:
    with pytest.raises(AddressError) as caught:
        usable(address)
    wrong, _, instead = str(caught.value).partition("; ")
    assert message in wrong
    assert instead.startswith("try svf serve --address ")
    assert usable(instead.removeprefix("try svf serve --address "))


def test_a_port_of_an_administrator_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: socket.socket, place: tuple[str, int]) -> None:
        if place[1] < 1024:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(AddressError, match="Only an administrator may use port 80; try svf serve --address 127"):
        usable("127.0.0.1:80")
