"""Rules on the marks and characters of what is shown: one generator each, whose docstring is the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.references import keys_of
from macros.model.types import Ref, Text
from macros.text.characters import faults
from macros.text.inline_markdown import unsupported

_CODE = re.compile(r"`[^`]*`")
_NOT_SHOWN = (
    (re.compile(r"\{\{|\{%|\{#"), "the braces of a macro", "macros work in pages only; take them out"),
    (re.compile(r"\[\[(?![a-z0-9-]+(?:\|[^\]|\n]+)?\]\])"), "half a link to a term", "write [[outcome]] or [[outcome|outcomes]]"),
    (re.compile(r"(?m)^ *[•·▪◦‣●○■]"), "a bullet that makes no list", "begin each item with - and a space"),
    (re.compile(r"\A[lI|][-–—]\s"), "what looks like |- typed wrongly", "write |- behind the colon, and the text on the next line"),
)
_KEY = re.compile(r"(?m)(?:^ *(?:- )?|[.?!] ?)(?P<key>[a-z_]+):(?= \|-$| *$)|^ *- (?P<item>[a-z_]+): ")
"""What looks like a key at the end of a line of prose, or alone in it, or in an item of a list."""


def prose_holds_only_marks_that_count(framework: Framework) -> Iterator[Problem]:
    """Prose holds no macro, HTML, picture, heading, table or other Markdown that readers would see as it is typed."""
    for key, loc, text in framework.prose:
        for found in unsupported(text):
            yield framework.problem(key, loc, "mark", found.wrong, found.instead, offset=found.offset)
        plain = _CODE.sub(lambda found: " " * len(found[0]), text)
        for pattern, wrong, instead in _NOT_SHOWN:
            for match in pattern.finditer(plain):
                yield framework.problem(key, loc, "mark", wrong, instead, offset=match.start())


def prose_holds_no_key(framework: Framework) -> Iterator[Problem]:
    """No key stands inside prose: what follows it would be shown as part of that text."""
    for key, loc, text in framework.prose:
        known = keys_of(type(framework.records[key]))
        for found in _KEY.finditer(text):
            name = found["key"] or found["item"]
            if name in known:
                wrong, instead = f'"{name}:" inside the text', "if it is a key, begin a line with it, as far in as the key above"
                yield framework.problem(key, loc, "key-in-prose", wrong, instead, offset=found.start(found.lastgroup or 0))


def character_can_be_printed(framework: Framework) -> Iterator[Problem]:
    """No text holds a character that readers cannot see or find, or that the typeface of the printed guides lacks."""
    for key, leaves in framework.index.leaves.items():
        for leaf in leaves:
            if isinstance(leaf.value, str) and not any(isinstance(mark, Ref) for mark in leaf.marks):
                found = faults(leaf.value, entities=Text.PROSE in leaf.marks, printed="search" not in leaf.loc)
                for offset, wrong, instead in found:
                    yield framework.problem(key, leaf.loc, "character", wrong, instead, offset=offset)
