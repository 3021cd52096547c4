"""Typographic quotation marks and apostrophes in HTML; records and pages are written with straight ones."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<!--.*?-->|<(?P<raw>code|kbd|pre|samp|script|style|textarea)\b.*?</(?P=raw)\s*>|<[^>]*>|[^<]+", re.DOTALL)
_BLOCK = re.compile(r"</?(?:address|blockquote|br|d[dlt]|div|fig|h[1-6]|li|o[lp]|p|section|summary|t[abdhr]|ul)", re.IGNORECASE)
_QUOTE = re.compile(r"[\"']|&quot;|&\#3[49];")


def typographic(html: str) -> str:
    """Return `html` with typographic quotation marks and apostrophes in its text, except in code and forms."""
    parts, before = [], ""
    for token in _TOKEN.finditer(html):
        text = token[0]
        if not text.startswith("<"):
            text = _curly(text, before) if _QUOTE.search(text) else text
            before = text[-1]
        elif token["raw"]:
            before = "x"
        elif _BLOCK.match(text):
            before = ""
        parts.append(text)
    return "".join(parts)


def _curly(text: str, before: str) -> str:
    def mark(quote: re.Match[str]) -> str:
        last = text[quote.start() - 1] if quote.start() else before
        opens = not last.strip(" \n\t([{/–—“‘")
        if quote[0] in ('"', "&quot;", "&#34;"):
            return "“" if opens else "”"
        return "‘" if opens else "’"

    return _QUOTE.sub(mark, text)
