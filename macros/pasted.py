"""What is pasted from a word processor or a mail becomes the lists that a record knows, or is named in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_BULLET = re.compile(r"[ \t]*(?:[•·▪▫◦‣⁃●○■□➢✓\uf000-\uf0ff][ \t\u00a0]*|o\t+)(?=\S)")
"""How an item of a word processor's list begins, once it is plain text."""

_DASH = re.compile(r"[ \t]*[–—][ \t\u00a0]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*\(?(\d{1,3})(?:\)[ \t\u00a0]*|\.[\t\u00a0][ \t\u00a0]*)(?=\S)")
_ITEM = re.compile(r" *(?:[-*+]|\d{1,3}\.) +\S")
_LETTER = re.compile(r"^[ \t]*(?:\([a-z]{1,4}\)|[a-z]{1,4}\))[ \t\u00a0]*\S", re.MULTILINE)
_LONGEST_HEADING = 60
"""How many characters a line may have that looks like a heading."""

_HEADING = re.compile(rf"(?:\A|(?<=\n\n))[^\S\n]*[A-Z0-9][^\n]{{1,{_LONGEST_HEADING}}}(?<![.?!:;,…\s])\n(?=\n?[^\S\n]*[A-Z•-])")
_TABBED = re.compile(r"^(?![ \t]*(?:\W|o|\(?\w{1,3}[.)])\t)[^\n\t]*\S[^\n\t]*\t[^\n]*\S", re.MULTILINE)


class _Sign(NamedTuple):
    """What must not stand in a text, how it is called, and what to do."""

    pattern: re.Pattern[str]
    wrong: str
    instead: str


_MAIL = "paste only the text as it should read; leave greeting, name and address out"
_SIGNS = (
    _Sign(
        re.compile(r"^[^\S\n]*#{1,6}[^\S\n]+\S", re.MULTILINE),
        "a line that begins with #, the mark of a heading",
        "take the line out, or make a sentence of it; a text of a record has no headings",
    ),
    _Sign(
        re.compile(r"^[^\S\n]*\|.*\|[^\S\n]*$", re.MULTILINE),
        "a table",
        "say it in sentences, or in a list whose items begin with - and a space",
    ),
    _Sign(
        re.compile(
            r"^[^\S\n]*(?:--|(?:(?:with|kind(?:est)?|best|warm(?:est)?|many)\b[\w ]{0,20})?\b(?:regards|wishes|thanks)"
            r"|thank you|cheers|yours (?:sincerely|faithfully|truly)|(?:sent from|get outlook for) [^\n]+)[,.! ]*$",
            re.MULTILINE | re.IGNORECASE,
        ),
        "the end of a mail",
        _MAIL,
    ),
    _Sign(
        re.compile(r"^[^\S\n]*(?:dear|hi|hello|good (?:morning|afternoon))\b[^\n.?!;:]{0,40}[,!]?$", re.MULTILINE | re.IGNORECASE),
        "the greeting of a mail",
        _MAIL,
    ),
    _Sign(
        re.compile(r"^[^\S\n]*(?:from|sent|to|cc|subject):[^\S\n]", re.MULTILINE | re.IGNORECASE),
        "the head of a mail",
        _MAIL,
    ),
)


def foreign(text: str) -> Iterator[tuple[str, str]]:
    """Yield what `text` brings along that no text of a record holds, and what to do with it."""
    found = [(sign.wrong, sign.instead) for sign in _SIGNS if sign.pattern.search(text)]
    if len(_TABBED.findall(text)) > 1:
        found.append(("a table (its cells stand between tabs)", _SIGNS[1].instead))
    if len(_LETTER.findall(text)) > 1:
        found.append(("a list with letters", "begin each item with - and a space, or with 1. and a space"))
    if not found and (heading := _HEADING.search(text)):
        wrong = f'a line that looks like a heading ("{heading[0].strip()}")'
        found.append((wrong, "take it out, or end it with a full stop; a text of a record has no headings"))
    yield from found


def is_list(text: str) -> bool:
    """Return whether `text`, as `laid_out` returns it, holds a list of more than one item."""
    return sum(bool(_ITEM.match(line)) for line in text.split("\n")) > 1


def laid_out(text: str) -> str:
    """Return `text` with the lists of a word processor as Markdown has them: - or a number, and an empty line before and after."""
    lines = text.replace("\r\n", "\n").split("\n")
    dashed = sum(bool(_DASH.match(line)) for line in lines) > 1
    made: list[str] = []
    within = pasted = False
    """Whether a list has begun since the last empty line, and whether a word processor made it, where each line is a paragraph."""
    for line in lines:
        item = _BULLET.sub("- ", line, count=1) if _BULLET.match(line) else line
        item = _DASH.sub("- ", item, count=1) if dashed and _DASH.match(item) else item
        item = _NUMBER.sub(r"\1. ", item, count=1) if _NUMBER.match(item) else item
        if not item.strip():
            within = False
        elif _ITEM.match(item):
            if not within and made and made[-1].strip():
                made.append("")
            within, pasted = True, item != line
        elif within and pasted and not line.startswith((" ", "\t")):
            made.append("")
            within = False
        made.append(item)
    return "\n".join(made)
