"""One text of a record's file is replaced by another, and nothing else: comments, order, quotes and line ends stay as they were."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import yaml

from macros.sentences import blocks, passage, sentences
from macros.source import Loc, parse
from macros.text import normalised

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER = re.compile(r"[|>](?:([1-9])[-+]?|[-+]?([1-9])?)([^\n]*?)(\r?\n|\Z)")
"""The line that opens a block of text: its indentation, if it is written there, and what else stands in the line."""

_MARK = re.compile(r"(?:[-*+]|#{1,6}|\d{1,9}[.)])\s|[>|]|(?:={1,}|-{2,})(?:\s|\Z)")
"""What would begin an item, a heading, a quotation or a table, if it stood first in its line."""


class SpliceError(ValueError):
    """The text cannot be put there so that it reads back the same; nothing was changed."""


class _Piece(NamedTuple):
    """What to put between two characters of a file, and the value that should then be read."""

    start: int
    end: int
    put: str
    value: str


def splice(text: str, loc: Loc, new: str) -> str:
    """Return the YAML `text` of a record with `new` in place of the text at `loc`; every other character stays.

    A block of text becomes `|-` with one sentence a line. A text on the line of its key keeps its quotes, or gets straight
    double ones where it needs them. The result is read again: all values but that one are the same. Raise SpliceError if
    `loc` holds no text, or if `new` is empty or cannot be kept.
    """
    new = normalised(new)
    before = parse(text.replace("\r\n", "\n"), "").value
    old = _at(before, loc)
    if not isinstance(old, str) or not new.strip():
        raise SpliceError(f"no text at {loc}" if new.strip() else "no text to put there")
    if new == old:
        return text
    for piece in _pieces(text, loc, new):
        result = text[: piece.start] + piece.put + text[piece.end :]
        after = parse(result.replace("\r\n", "\n"), "")
        if not after.problems and after.value == _with(before, loc, piece.value):
            return result
    raise SpliceError(f"the text cannot be kept at {loc}")


def one_sentence_a_line(text: str) -> str:
    """Return `text` with a line for each sentence of a paragraph, a single blank line between paragraphs, and items as they are.

    Only white space is changed: at the ends of lines there is none, and a tab becomes a space.
    """
    tidy = _tidy(text)
    shown = passage(tidy).shown
    made, done = "", 0
    for block in blocks(shown):
        if block.kind == "paragraph":
            end = block.start + len(block.shown)
            made += tidy[done : block.start] + "\n".join(_sentences(tidy, shown, block.start, end, [s.start for s in sentences(block)]))
            done = len(tidy[:end].rstrip())
    return re.sub(r"\n{3,}", "\n\n", made + tidy[done:])


def _sentences(text: str, shown: str, start: int, end: int, starts: list[int]) -> Iterator[str]:
    """Yield each sentence of the paragraph from `start` to `end` on one line; a sentence may open with a mark that is not shown."""
    for at in (*starts[1:], end):
        while start < at < end and not shown[at - 1].isspace():
            at -= 1
        if at > start and (at == end or not _MARK.match(text, at)):
            yield " ".join(text[start:at].split())
            start = at


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _at(value: Any, loc: Loc) -> Any:
    for step in loc:
        if isinstance(value, dict):
            value = value.get(step)
        else:
            value = value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
    return value


def _with(value: Any, loc: Loc, new: str) -> Any:
    """Return a copy of `value` in which `new` stands at `loc`."""
    changed = copy.deepcopy(value)
    *way, last = loc
    _at(changed, tuple(way))[last] = new
    return changed


def _pieces(text: str, loc: Loc, new: str) -> Iterator[_Piece]:
    """Yield the ways of writing `new` at `loc`, the best first."""
    node: Any = yaml.compose(text, Loader=_LOADER)
    column, flow = 0, False
    for step in loc:
        column, flow = node.start_mark.column, flow or bool(node.flow_style)
        node = node.value[step] if isinstance(step, int) else next(value for key, value in node.value if key.value == step)
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        yield _block(text, start, column, one_sentence_a_line(new))
        return
    said = _tidy(new)
    if "\n" in said:
        said = one_sentence_a_line(new)
        if not flow:
            yield _Piece(start, end, "|-" + _body(said, column + 2, "\r\n" if "\r\n" in text else "\n"), said)
    elif node.style == "'":
        yield _Piece(start, end, "'" + said.replace("'", "''") + "'", said)
    elif not node.style and _is_plain(said):
        yield _Piece(start, end, said, said)
    yield _Piece(start, end, json.dumps(said, ensure_ascii=False), said)


def _block(text: str, start: int, column: int, said: str) -> _Piece:
    """Return what makes `said` of the block that opens at `start`, in a group or list that stands at `column`."""
    header = cast(re.Match[str], _HEADER.match(text, start))
    digit = header[1] or header[2]
    indent = column + int(digit) if digit else 0
    end, at = header.start(4), header.end()
    while at < len(text):
        stop = (text.find("\n", at) + 1 or len(text) + 1) - 1
        line = text[at:stop].rstrip()
        lead = len(line) - len(line.lstrip(" "))
        if line:
            indent = indent or max(lead, column + 1)
            if lead < indent:
                break
            end = at + len(text[at:stop].rstrip("\r"))
        at = stop + 1
    if end == header.start(4):
        indent = column + 2
    return _Piece(start, end, "|-" + header[3] + _body(said, indent, header[4] or "\n"), said)


def _body(said: str, indent: int, line_end: str) -> str:
    return "".join(line_end + (" " * indent + line if line else "") for line in said.split("\n"))


def _is_plain(said: str) -> bool:
    """Return whether `said`, without quotes, is a text for every reader of YAML, and not a number, a date or a yes."""
    loader: Any = yaml.SafeLoader("")
    return bool(loader.resolve(yaml.ScalarNode, said, (True, False)) == "tag:yaml.org,2002:str")
