"""The pattern that finds any of many names in a text: a tree of their letters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]
"""What may follow, letter by letter; "" where a name ends."""


def pattern(forms: Iterable[str]) -> str:
    """Return the pattern of whole words that finds `forms`, which are in small letters, the longest first.

    What forms begin with in common stands in it once, so that it takes no longer to say that none is there if there are many.
    """
    tree: _Tree = {}
    for form in sorted(forms):
        held = tree
        for letter in html.escape(form, quote=False):
            held = held.setdefault(re.escape(letter).replace(r"\ ", r"\s+"), {})
        held[""] = {}
    return rf"(?P<term>(?<![\w&#-]){_branch(tree) if tree else '(?!)'}(?![\w-]))"


def _branch(tree: _Tree) -> str:
    """Return the pattern of what `tree` holds: what goes on before what ends."""
    ways = [letter + _branch(after) for letter, after in tree.items() if letter]
    if len(ways) == 1 and "" not in tree:
        return ways[0]
    return f"(?:{'|'.join(ways)}){'?' if '' in tree else ''}" if ways else ""
