"""svf serve takes an IP address with a port, or localhost."""

from __future__ import annotations

import pytest

from macros.site_build.serve_address import format_address, parse_address
from tests.conftest import ROOT, svf


@pytest.mark.parametrize(("address", "host"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("[::1]", "::1"), ("::1", "::1")])
def test_an_address_has_a_host_and_a_port(address: str, host: str) -> None:
    assert parse_address(f"{address}:8001") == (host, 8001)
    assert parse_address(format_address(host, 8001)) == (host, 8001)


@pytest.mark.parametrize("address", ["8001", "http://127.0.0.1:8000", "framework.example.org:8000", "127.0.0.1:http"])
def test_another_address_gets_a_suggestion(address: str) -> None:
    done = svf(ROOT, "serve", "--address", address)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f'"{address}" is not an IP address with a port. Try svf serve --address 127.0.0.1:8000',
    )
