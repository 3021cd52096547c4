"""Replace one text in the YAML of a record, and change nothing else: comments, order, quotes and line ends stay."""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import yaml

from macros.cli.suggest.quotation import MisfitError
from macros.loading.yaml_reader import LOADER, parse, reads_as_text
from macros.model.document import Loc
from macros.text.characters import normalised
from macros.text.segmentation import blocks, passage, sentence_starts

# What would begin an item, a heading, a quotation or a table at the start of a line.
_MARK = re.compile(r"(?:[-*+]|#{1,6}|\d{1,9}[.)])\s|[>|]|(?:={1,}|-{2,})(?:\s|\Z)")


def splice(text: str, loc: Loc, new: str) -> str:
    """Return the YAML `text` of a record with `new` at `loc`, and prove that all else stays; raise MisfitError if it cannot be written."""
    yaml_text, new = text.replace("\r\n", "\n"), normalised(new)
    expected: Any = copy.deepcopy(parse(yaml_text, "").value)
    *path, last = loc
    parent = functools.reduce(lambda value, step: value[step], path, expected)
    if new == parent[last]:
        return text
    for start, end, written, value in _candidates(yaml_text, loc, new):
        parent[last] = value
        result = yaml_text[:start] + written + yaml_text[end:]
        after = parse(result, "")
        if not after.problems and after.value == expected:
            return result.replace("\n", "\r\n") if "\r\n" in text else result
    problem = next(iter(after.problems), None)
    raise MisfitError(problem.wrong, problem.instead) if problem else MisfitError("the record cannot hold it", "use everyday characters")


def one_sentence_a_line(text: str) -> str:
    """Return `text` with each sentence of a paragraph on its own line, and items as they are; only white space changes."""
    tidy = _tidy(text)
    result, done = "", 0
    for block in blocks(passage(tidy).shown):
        if block.kind == "paragraph":
            end = block.start + len(block.shown)
            starts = [start for start in sentence_starts(block)[1:] if not _MARK.match(tidy, start)]
            lines = (" ".join(tidy[first:last].split()) for first, last in pairwise((block.start, *starts, end)))
            result += tidy[done : block.start] + "\n".join(lines)
            done = len(tidy[:end].rstrip())
    return re.sub(r"\n{3,}", "\n\n", result + tidy[done:])


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\t", " ").split("\n")).strip()


def _candidates(text: str, loc: Loc, new: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield ways to write `new` at `loc`, the best first: start and end of what is replaced, by what, and the value then read."""
    node: Any = yaml.compose(text, Loader=LOADER)
    column, flow = 0, False
    for step in loc:
        column, flow = node.start_mark.column, flow or bool(node.flow_style)
        node = node.value[step] if isinstance(step, int) else next(value for key, value in node.value if key.value == step)
    start, end, value = node.start_mark.index, node.end_mark.index, _tidy(new)
    if "\n" in value or node.style in ("|", ">"):
        value = one_sentence_a_line(new)
        if node.style in ("|", ">"):
            yield _block(text, start, column, value)
            return
        if not flow:
            yield start, end, f"|-{_indented(value, column + 2)}", value
    elif not node.style and reads_as_text(value):
        yield start, end, value, value
    yield start, end, json.dumps(value, ensure_ascii=False), value


def _block(text: str, start: int, column: int, value: str) -> tuple[int, int, str, str]:
    """Return how to write `value` instead of the block that starts at `start`, in a mapping or list at `column`."""
    header = text[start:].partition("\n")[0]
    body = start + len(header)
    first = re.match(rf"\s*\n( {{{column + 1},}})\S", text[body:])
    indent = len(first[1]) if first else column + 2
    old = re.match(rf"(?:(?:[ \t]*\n)+ {{{indent}}}.*)*", text[body:])
    return start, body + len(old[0] if old else ""), f"|-{header.lstrip('|>-+0123456789')}{_indented(value, indent)}", value


def _indented(value: str, indent: int) -> str:
    return "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in value.split("\n"))
