"""Addresses that `svf serve` can use."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket

DEFAULT = "127.0.0.1:8000"
"""Where the site is served if no address is given."""

_HOST, _PORT = DEFAULT.split(":")
_ADDRESS = re.compile(r"(?P<host>\[[^\[\]]+\]|[^\[\]]+):(?P<port>[0-9]{1,5})")


class AddressError(Exception):
    """The site cannot be served at an address; its text says why, and suggests another."""


def usable(address: str) -> tuple[str, int]:
    """Return the host and port of `address`, for example `127.0.0.1:8000`; raise AddressError if nothing can be served there."""
    found = _ADDRESS.fullmatch(address)
    host, port = (found["host"].strip("[]"), int(found["port"])) if found else ("", 0)
    if not found or not _is_ip(host):
        raise AddressError(f'"{address}" is not an IP address with a port; {_other(_HOST, int(_PORT))}')
    if not 1 <= port <= 65535:
        raise AddressError(f"There is no port {port}, only 1 to 65535; {_other(host, int(_PORT))}")
    try:
        _bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressError(f"{shown(host, port)} is already in use; {_other(host, port + 1)}") from None
        if error.errno == errno.EACCES:
            raise AddressError(f"Only an administrator may use port {port}; {_other(host, int(_PORT))}") from None
        why = "is not an address of this machine" if error.errno == errno.EADDRNOTAVAIL else f"cannot be used ({error.strerror or error})"
        raise AddressError(f"{host} {why}; {_other(_HOST, port)}") from None
    return host, port


def _is_ip(host: str) -> bool:
    try:
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _bind(host: str, port: int) -> None:
    """Take `port` of `host` for a moment, as a web server would; raise OSError if that fails."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, port))


def _other(host: str, port: int) -> str:
    """Return advice that names a port of `host` that is free: `port`, or one of those that follow."""
    for other in (*range(max(port, 1024), min(port + 100, 65536)), *range(8000, 8100)):
        try:
            _bind(host, other)
        except OSError:
            continue
        return f"try svf serve --address {shown(host, other)}"
    return f"try svf serve --address {DEFAULT}"


def shown(host: str, port: int) -> str:
    """Return `port` of `host` as an address is written; an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
