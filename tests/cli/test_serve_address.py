"""svf serve uses an address of this machine, and suggests one if it cannot."""

from __future__ import annotations

import errno
import socket

import pytest

from macros.site_build.serve_address import AddressError, usable


@pytest.mark.parametrize(("address", "found"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("[::1]", "::1"), ("::1", "::1")])
def test_an_address_of_this_machine_is_usable(address: str, found: str) -> None:
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
        ("192.0.2.1:8000", "192.0.2.1:8000 cannot be used (Cannot assign requested address)"),
    ],
)
def test_a_wrong_address_gets_a_suggestion(address: str, message: str) -> None:
    with pytest.raises(AddressError) as caught:
        usable(address)
    wrong, _, instead = str(caught.value).partition("; ")
    assert message in wrong
    assert instead.startswith("try svf serve --address ")
    assert usable(instead.removeprefix("try svf serve --address "))


def test_a_privileged_port_gets_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: socket.socket, place: tuple[str, int]) -> None:
        if place[1] < 1024:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(AddressError, match=r"127.0.0.1:80 cannot be used \(Permission denied\); try svf serve --address 127"):
        usable("127.0.0.1:80")
