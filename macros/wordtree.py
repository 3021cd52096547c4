"""The pattern that finds any of many names in a text: a tree of their letters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]
"""What may follow, letter by letter; "" where a name ends."""

_AS_TYPED = {"\\ ": r"(?:\s|&nbsp;|&\#160;)+", "'": "(?:['’]|&\\#39;)", "’": "(?:['’]|&\\#39;)"}
"""How a space and an apostrophe of a name may stand in a page."""


def pattern(forms: Iterable[str]) -> str:
    """Return the pattern of whole words that finds `forms`, which are in small letters, the longest first.

    What forms begin with in common stands in it once, so that it takes no longer to say that none is there if there are many.
    """
    tree: _Tree = {}
    for form in sorted(forms):
        held = tree
        for letter in html.escape(form, quote=False):
            held = held.setdefault(_AS_TYPED.get(re.escape(letter), re.escape(letter)), {})
        held[""] = {}
    return rf"(?P<term>(?<![\w&#-]){_branch(tree) if tree else '(?!)'}(?![\w-]))"


def _branch(tree: _Tree) -> str:
    """Return the pattern of what `tree` holds: what goes on before what ends."""
    ways = [letter + _branch(after) for letter, after in tree.items() if letter]
    if len(ways) == 1 and "" not in tree:
        return ways[0]
    return f"(?:{'|'.join(ways)}){'?' if '' in tree else ''}" if ways else ""
