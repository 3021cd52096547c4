"""Turn pasted text into the paragraphs and lists of a record, and find what a record cannot contain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from macros.text.characters import normalised
from macros.text.inline_markdown import unsupported

_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2028\u2029\x0b\x0c\x85\r", "\n"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f", ""),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    }
)
_SOFT_HYPHEN = re.compile(r"\u00ad(?:[ \t]*\n[ \t]*)?")
_EMAIL_QUOTE = re.compile(r"^[ \t]*>(?![ \t>]*[£$€\d])[> \t]*", re.MULTILINE)
"""The > at the start of a line that an email quotes; before a number it means "more than"."""

_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_LINE_END_HYPHEN = re.compile(r"(?<![\w-])([^\W_][\w-]*)-[ \t]*\n[ \t]*(?=([^\W_]+))")
"""A word with a hyphen at the end of a line, and the word that begins the next line."""

_ITEM = re.compile(
    r"[ \t]*(?:(?P<bullet>[•·∙▪◦‣●○■➢✓✔\uf0b7])[ \t]*|(?P<dash>[-*+–—o])[ \t]+|\(?(?P<number>\d{1,2}|[a-z]|[ivx]{2,4})[.)][ \t]+)"
    r"(?P<text>\S.*)"
)
_OWN_LINE = re.compile(r"#{1,6} |\||`{3}|~{3}|([-=_*])\1\1+$")
"""A heading, a row of a table, a fence or a rule: joined to other lines, it would not be recognised."""

_STOP = re.compile(r"[.?!…:;]\W*$")
_REFUSED = (
    (re.compile(r"\{[{%#:]|[}%#]\}"), "the braces of a macro (Jinja)", "remove them; macros work in pages only"),
    (re.compile(r"(?<![\w.+-])@[\w-]"), "a name that begins with @", "describe who it is, and name no person"),
)


def plain_characters(text: str) -> str:
    """Return `text` with straight quotes, plain spaces and line ends, and without soft hyphens and characters without width."""
    return _SOFT_HYPHEN.sub("", normalised(text.replace("\r\n", "\n")).translate(_CHARACTERS))


def hyphenated(texts: Iterable[str]) -> frozenset[str]:
    """Return the hyphenated words of `texts`, in lower case."""
    return frozenset(word.casefold() for text in texts for word in _HYPHENATED.findall(text))


def laid_out(text: str, known: frozenset[str] = frozenset()) -> str:
    """Return `text` as Markdown, with each paragraph and each item of a list on one line; a list or an empty line ends a paragraph.

    A word that was hyphenated at the end of a line is joined, unless `known` has it with the hyphen.
    """

    def joined(match: re.Match[str]) -> str:
        first, second = match.groups()
        keep = not (first[-1].isalpha() and second[0].islower()) or f"{first}-{second}".casefold() in known
        return f"{first}-" if keep else first

    plain = _LINE_END_HYPHEN.sub(joined, _EMAIL_QUOTE.sub("", plain_characters(text)))
    lines = [line.expandtabs(4) for line in plain.split("\n")]
    kinds = Counter(_kind(item) for item in map(_ITEM.match, lines) if item)
    markdown, last, gap = "", "", True
    lists: dict[tuple[int, str], int] = {}
    for line in lines:
        words, item, indent = " ".join(line.split()), _ITEM.match(line), len(line) - len(line.lstrip())
        if not words:
            gap = True
            continue
        if item and (lists or gap or kinds[_kind(item)] > 1 or _STOP.search(last)):
            markdown += ("\n" if lists else "\n\n") + _item(item, indent // 2, lists)
        elif gap or (lists and indent <= [*lists][-1][0] * 2 + 1 and words.lstrip("\"'([*")[:1].isupper()):
            markdown += f"\n\n{words}"
            lists.clear()
        else:
            markdown += ("\n" if _OWN_LINE.match(last) or _OWN_LINE.match(words) else " ") + words
        last, gap = words, False
    return markdown.strip("\n")


def _kind(item: re.Match[str]) -> str:
    """Return which list the mark of `item` belongs to: its bullet, or 1 or a for numbers and letters."""
    return item["bullet"] or item["dash"] or ("1" if item["number"].isdigit() else "a")


def _item(item: re.Match[str], indent: int, lists: dict[tuple[int, str], int]) -> str:
    """Return `item` as Markdown, and update `lists`: the last number of each open list by indent and kind, the outermost first."""
    key, open_lists = (indent, _kind(item)), [*lists]
    depth = open_lists.index(key) if key in lists else sum(other <= indent for other, _ in open_lists)
    for closed in open_lists[depth + (key in lists) :]:
        del lists[closed]
    lists[key] = int(item["number"]) if key[1] == "1" else lists.get(key, 0) + 1
    mark = f"{lists[key]}." if item["number"] else "-"
    return f"{' ' * 4 * depth}{mark} {' '.join(item['text'].split())}"


def is_list(text: str) -> bool:
    """Return whether `text`, as `laid_out` returns it, has more than one item."""
    return sum(bool(_ITEM.match(line)) for line in text.split("\n")) > 1


def foreign(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the pasted `text` has that a record cannot contain: what is wrong, and what to do."""
    plain = plain_characters(text)
    yield from ((wrong, instead) for pattern, wrong, instead in _REFUSED if pattern.search(plain))
    lines = ((_ITEM.match(line), line) for line in plain.split("\n"))
    if sum("\t" in (item["text"] if item else line).strip() for item, line in lines) > 1:
        yield "a table (cells separated by tabs)", "write sentences or a list"
    yield from ((wrong, instead) for _, wrong, instead in unsupported(laid_out(text)))
