"""svf serve uses an address of this machine, and suggests one if it cannot."""

from __future__ import annotations

import socket

import pytest

from macros.site_build.serve_address import AddressError, parse_address


@pytest.mark.parametrize(("address", "found"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("[::1]", "::1"), ("::1", "::1")])
def test_an_address_of_this_machine_is_usable(address: str, found: str) -> None:
    family = socket.AF_INET6 if ":" in found else socket.AF_INET
    try:
        with socket.socket(family) as free:
            free.bind((found, 0))
            port = free.getsockname()[1]
    except OSError:
        pytest.skip(f"this machine has no {found}")
    assert parse_address(f"{address}:{port}") == (found, port)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("8001", '"8001" is not an IP address with a port'),
        *((f"{host}:8000", "is not an IP address with a port") for host in ("http://127.0.0.1", "framework.example.org")),
        *((f"127.0.0.1:{port}", "is not an IP address with a port") for port in ("http", "70000")),
        ("192.0.2.1:8000", "192.0.2.1:8000 cannot be used (Cannot assign requested address)"),
    ],
)
def test_a_wrong_address_gets_a_suggestion(address: str, message: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(address)
    assert str(caught.value).endswith(f"{message}; try svf serve --address 127.0.0.1:8000")
