"""Words of records are shown as they are typed, where others would take a part of them for a mark or a command."""

from __future__ import annotations

import re

_START = re.compile(r"\s*([-+=]|\d+(?=[.)]))")
_MARK = re.compile(r"[\\`*_\[\]!|~^]")
_LIVE = re.compile(r"@|#|:(?=//|\w+:)|\b(?:www(?=\.)|GH(?=-))", re.IGNORECASE)
_BREAK = "&#8203;"
"""A space without width: GitHub looks for people, issues and addresses in what is shown, so a mark before them does not help."""


def markdown(text: str) -> str:
    """Return `text` so that GitHub shows it, in a line or a cell, as it is typed: no mark, tag, link, address, mention or issue."""
    return "<br>".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    start = _START.match(line)
    mark, rest = ("".join(f"&#{ord(c)};" for c in start[1]), line[start.end() :]) if start else ("", line)
    safe = rest.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _LIVE.sub(lambda found: f"{found[0]}{_BREAK}", _MARK.sub(lambda found: f"\\{found[0]}", safe))
    return mark + "".join(c for c in safe.replace("$", "<span>$</span>") if c >= " ")


def plain(text: str) -> str:
    """Return `text` so that neither a terminal nor the log of a workflow takes a part of it for a command."""
    shown = "".join(c for c in text if (c >= " " and not "\x7f" <= c <= "\x9f") or c == "\n")
    return re.sub(r"##(?=\[)|::", lambda found: " ".join(found[0]), shown)
