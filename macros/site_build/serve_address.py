"""Addresses that `svf serve` can use."""

from __future__ import annotations

import ipaddress
import re
import socket

DEFAULT = "127.0.0.1:8000"
_ADDRESS = re.compile(r"(?P<host>\[[^\[\]]+\]|[^\[\]]+):(?P<port>[0-9]{1,5})")


class AddressError(Exception):
    """The site cannot be served at an address; the text says why, and suggests another address."""


def usable(address: str) -> tuple[str, int]:
    """Return the host and port of `address`, for example `127.0.0.1:8000`; raise AddressError if nothing can be served there."""
    match = _ADDRESS.fullmatch(address)
    host, port = (match["host"].strip("[]"), int(match["port"])) if match else ("", 0)
    if not _is_ip(host):
        raise AddressError(f'"{address}" is not an IP address with a port; {_suggestion("", 0)}')
    if not 1 <= port <= 65535:
        raise AddressError(f"There is no port {port}, only 1 to 65535; {_suggestion(host, 0)}")
    try:
        _bind(host, port)
    except OSError as error:
        raise AddressError(f"{shown(host, port)} cannot be used ({error.strerror or error}); {_suggestion(host, port)}") from None
    return host, port


def _is_ip(host: str) -> bool:
    try:
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _bind(host: str, port: int) -> None:
    """Bind `port` of `host` for a moment, as a web server would; raise OSError if that fails."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))


def _suggestion(host: str, port: int) -> str:
    """Return advice that names a free port above `port`, of `host` if possible."""
    first = port + 1 if 1024 <= port < 65000 else 8000
    for other_host in filter(None, (host, "127.0.0.1")):
        for other_port in range(first, first + 100):
            try:
                _bind(other_host, other_port)
            except OSError:
                continue
            return f"try svf serve --address {shown(other_host, other_port)}"
    return f"try svf serve --address {DEFAULT}"


def shown(host: str, port: int) -> str:
    """Return `host` and `port` as an address; an IPv6 host is put in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
