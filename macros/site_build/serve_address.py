"""Addresses that `svf serve` can use."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket

DEFAULT = "127.0.0.1:8000"
_ADDRESS = re.compile(r"(?P<host>\[[^\[\]]+\]|[^\[\]]+):(?P<port>[0-9]{1,5})")


class AddressError(Exception):
    """The site cannot be served at an address; the text says why, and suggests another address."""


def parse_address(address: str) -> tuple[str, int]:
    """Return the host and port of `address`, for example `127.0.0.1:8000`; raise AddressError if nothing can be served there."""
    match = _ADDRESS.fullmatch(address)
    host, port = (match["host"].strip("[]"), int(match["port"])) if match else ("", 0)
    try:
        if host != "localhost":
            ipaddress.ip_address(host)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((host, port))
    except (ValueError, OverflowError):
        raise AddressError(f'"{address}" is not an IP address with a port; try svf serve --address {DEFAULT}') from None
    except OSError as error:
        other = format_address(host, port + 1) if error.errno == errno.EADDRINUSE else DEFAULT
        raise AddressError(
            f"{format_address(host, port)} cannot be used ({error.strerror or error}); try svf serve --address {other}"
        ) from None
    return host, port


def format_address(host: str, port: int) -> str:
    """Return `host` and `port` as an address; an IPv6 host is put in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
