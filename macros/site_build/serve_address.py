"""Addresses that `svf serve` can use."""

from __future__ import annotations

import ipaddress

DEFAULT = "127.0.0.1:8000"


def parse_address(address: str) -> tuple[str, int]:
    """Return the host and port of `address`, for example `127.0.0.1:8000`; raise ValueError if it is not an IP address with a port."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    if host != "localhost":
        ipaddress.ip_address(host)
    return host, int(port)


def format_address(host: str, port: int) -> str:
    """Return `host` and `port` as an address; an IPv6 host is put in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
