"""Addresses that `svf serve` can use."""

from __future__ import annotations

import errno
import ipaddress
import socket

DEFAULT = "127.0.0.1:8000"


class AddressError(Exception):
    """The site cannot be served at an address; the text says why, and suggests another address."""


def parse_address(address: str) -> tuple[str, int]:
    """Return the host and port of `address`, for example `127.0.0.1:8000`; raise AddressError if nothing can be served there."""
    host, _, number = address.rpartition(":")
    host = host.strip("[]")
    try:
        port = int(number)
        if host != "localhost":
            ipaddress.ip_address(host)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((host, port))
    except (ValueError, OverflowError):
        raise AddressError(f'"{address}" is not an IP address with a port; try svf serve --address {DEFAULT}') from None
    except OSError as error:
        other = format_address(host, port + 1) if error.errno == errno.EADDRINUSE else DEFAULT
        raise AddressError(f"{address} cannot be used ({error.strerror or error}); try svf serve --address {other}") from None
    return host, port


def format_address(host: str, port: int) -> str:
    """Return `host` and `port` as an address; an IPv6 host is put in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
