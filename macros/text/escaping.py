"""Escape text for GitHub and for logs, which would read parts of it as marks or commands."""

from __future__ import annotations

import re

_START = re.compile(r"\s*([-+=]|\d+(?=[.)]))")
_MARK = re.compile(r"[\\`*_\[\]!|~^]")
_LIVE = re.compile(r"@|#|:(?=//|\w+:)|\b(?:www(?=\.)|GH(?=-))", re.IGNORECASE)
# A zero-width space: GitHub finds people, issues and addresses in the rendered text, so a backslash before them does not help.
_BREAK = "&#8203;"


def escape_markdown(text: str) -> str:
    """Return `text` for a line or a table cell on GitHub, which shows it as typed: without marks, tags, links, mentions or issues."""
    return "<br>".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    start = _START.match(line)
    mark, rest = ("".join(f"&#{ord(c)};" for c in start[1]), line[start.end() :]) if start else ("", line)
    safe = rest.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _LIVE.sub(lambda found: f"{found[0]}{_BREAK}", _MARK.sub(lambda found: f"\\{found[0]}", safe))
    return mark + "".join(c for c in safe.replace("$", "<span>$</span>") if c >= " ")


def escape_log(text: str) -> str:
    """Return `text` without commands to a terminal or to the log of a workflow."""
    printable = "".join(c for c in text if (c >= " " and not "\x7f" <= c <= "\x9f") or c == "\n")
    return re.sub(r"##(?=\[)|::", lambda found: " ".join(found[0]), printable)
