"""Clean up pasted text, find the part of a record's text that someone quotes, and replace it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from macros.rendering.edit_links import RecordText
from macros.templates import texts
from macros.text.characters import normalised
from macros.text.inline_markdown import unsupported
from macros.text.segmentation import blanked, blocks, passage, sentence_starts

_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2028\u2029\x0b\x0c\x85\r", "\n"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f", ""),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    }
)
_SOFT_HYPHEN = re.compile(r"\u00ad(?:[ \t]*\n[ \t]*)?")
# The > at the start of a line that an email quotes; before a number it means "more than".
_EMAIL_QUOTE = re.compile(r"^[ \t]*>(?![ \t>]*[£$€\d])[> \t]*", re.MULTILINE)

_ITEM = re.compile(
    r"[ \t]*(?:(?P<bullet>[•·∙▪◦‣●○■➢✓✔\uf0b7])[ \t]*|(?P<dash>[-*+–—o])[ \t]+|\(?(?P<number>\d{1,2}|[a-z]|[ivx]{2,4})[.)][ \t]+)"
    r"(?P<text>\S.*)"
)
# A heading, a row of a table, a fence or a rule: joined to other lines, it would not be recognised.
_OWN_LINE = re.compile(r"#{1,6} |\||`{3}|~{3}|([-=_*])\1\1+$")
DOTS = ("...", "…")
CUT = re.compile(r"\[cut\s+to\s+fit\s+the\s+link\]\s*\Z")  # ends a text that content/suggest.js has cut
# The shortest quotation, and the shortest that a link has cut.
_MIN_LETTERS, _MIN_LETTERS_CUT = 3, 15
_LIST_MARK = re.compile(r"^[\0 >]*(?:[-*+]|\(?\d{1,2}[.)]) +", re.MULTILINE)
_ITEM_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
# A link, emphasis or code, with its marks.
_MARKED = re.compile(r"\[\[[^\[\]\n]*\]\]|\[[^\[\]]*\]\([^()\s]*\)|(?<![\w*])\*+[^*\n]+\*+(?![\w*])|`[^`\n]+`")
_STOP = re.compile(r"[.?!:;…](?=[\"')\]*_]*$)")


def plain_characters(text: str) -> str:
    """Return `text` with straight quotes, plain spaces and line ends, and without soft hyphens and characters without width."""
    return _SOFT_HYPHEN.sub("", normalised(text.replace("\r\n", "\n")).translate(_CHARACTERS))


def laid_out(text: str) -> str:
    """Return `text` as Markdown, a line for each paragraph or item."""
    lines = _EMAIL_QUOTE.sub("", plain_characters(text)).expandtabs(4).split("\n")
    kinds = Counter(_kind(item) for item in map(_ITEM.match, lines) if item)
    if (step := _ITEM.match(lines[0])) and (step["number"] or "").isdigit() and kinds[_kind(step)] == 1:
        lines[0] = step["text"]  # without its number on the site
    markdown, last, gap, items = "", "", True, 0  # the number of the last item of the open list
    for line in lines:
        words, item = " ".join(line.split()), _ITEM.match(line)
        if not words:
            gap = True
            continue
        if item and (items or gap or kinds[_kind(item)] > 1 or _STOP.search(last)):
            markdown += "\n" if items else "\n\n"
            items = int(item["number"]) if (item["number"] or "").isdigit() else items + 1
            markdown += f"{f'{items}.' if item['number'] else '-'} {' '.join(item['text'].split())}"
        elif gap or (items and not line.startswith("  ") and words.lstrip("\"'([*")[:1].isupper()):
            markdown += f"\n\n{words}"
            items = 0
        else:
            markdown += ("\n" if _OWN_LINE.match(last) or _OWN_LINE.match(words) else " ") + words
        last, gap = words, False
    return markdown.strip("\n")


def _kind(item: re.Match[str]) -> str:
    """Return which list the mark of `item` belongs to: its bullet, or 1 or a for numbers and letters."""
    return item["bullet"] or item["dash"] or ("1" if item["number"].isdigit() else "a")


def foreign(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the pasted `text` has that a record cannot contain: what is wrong, and what to do."""
    plain = plain_characters(text)
    yield from ((wrong, instead) for pattern, wrong, instead in texts("messages/markdown.yml")["pasted"] if re.search(pattern, plain))
    lines = ((_ITEM.match(line), line) for line in plain.split("\n"))
    if sum("\t" in (item["text"] if item else line).strip() for item, line in lines) > 1:
        yield "a table (cells separated by tabs)", "write sentences or a list"
    yield from ((wrong, instead) for _, wrong, instead in unsupported(laid_out(text)))


EMPTY = "this is empty", "please fill it in"


class MisfitError(ValueError):
    """A new text cannot replace the quoted part, or the file cannot hold it; `args` are what is wrong and what to do."""


class Part(NamedTuple):
    """Part of a text of a record, from one character to another."""

    wording: RecordText
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the part as the record has it."""
        return self.wording.text[self.start : self.end]

    @property
    def is_complete(self) -> bool:
        """Return whether it is the complete text."""
        return not (self.wording.text[: self.start].strip() or self.wording.text[self.end :].strip())


def quoted_parts(texts: Sequence[RecordText], typed: str) -> tuple[Part, ...]:
    """Return the complete texts, or else the parts of `texts`, whose letters `typed` quotes; CUT at its end stands for a rest."""
    quoted = letters(laid_out(CUT.sub("", typed)))
    if len(quoted) < _MIN_LETTERS:
        return ()
    complete = [text for text in texts if letters(text.text) == quoted]
    if not complete and CUT.search(typed):
        complete = [text for text in texts if len(quoted) >= _MIN_LETTERS_CUT and letters(text.text).startswith(quoted)]
    elif not complete:
        parts = (Part(text, start, end) for text in texts for start, end in _places(text.text, quoted))
        return tuple(part for part in parts if part.text.endswith(DOTS) or not typed.rstrip().endswith(DOTS))
    exact = [text for text in complete if text.text.split() == plain_characters(typed).split()]
    return tuple(Part(text, 0, len(text.text)) for text in exact or complete)


def letters(text: str) -> str:
    """Return the letters and digits of `text` that a page shows, in small letters without accents."""
    return "".join(letter for letter, _ in _letters(text))


@functools.lru_cache(maxsize=20_000)
def _letters(text: str) -> tuple[tuple[str, int], ...]:
    shown = blanked(_LIST_MARK, passage(text).shown)
    plain = ((unicodedata.normalize("NFKD", character).casefold(), at) for at, character in enumerate(shown))
    return tuple((letter, at) for characters, at in plain for letter in characters if letter.isalnum())


def _places(text: str, quoted: str) -> Iterator[tuple[int, int]]:
    """Yield where the letters `quoted` are in `text` as whole words."""
    for found in re.finditer(f"(?={quoted})", letters(text)):
        start, end = _letters(text)[found.start()][1], _letters(text)[found.start() + len(quoted) - 1][1] + 1
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield _rounded(text, start, end)


def _rounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend `start` and `end` to the marks of links and emphasis, and to the full stop of complete sentences."""
    for mark in _MARKED.finditer(text):
        within = mark.start() < start and end < mark.end() and letters(mark[0]) != letters(text[start:end])
        if mark.start() < end and start < mark.end() and not within:
            start, end = min(start, mark.start()), max(end, mark.end())
    spans = _sentences(text)
    opening = [first for first, last in spans if first <= start < last and not letters(text[first:start])]
    closing = [last for first, last in spans if first < end <= last and not letters(text[end:last])]
    if opening and closing:
        return opening[0], closing[0]
    for pair in ('""', "()"):
        end += text[end : end + 1] == pair[1] and sum(character in pair for character in text[start:end]) % 2
    return start, end


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence of `text`, with its marks and its stop."""
    spans = []
    for block in blocks(passage(text).shown):
        places = pairwise([*sentence_starts(block), block.start + len(block.shown)])
        spans += [(start, start + len(text[start:end].rstrip())) for start, end in places]
    return spans


def replaced(part: Part, new: str) -> str:
    """Return the text with `new` instead of `part`; raise MisfitError if it does not fit there."""
    markdown = laid_out(new)
    if not part.wording.prose:
        if re.search(r"\n *(?:-|\d+\.) ", markdown):
            raise MisfitError("this is a list, but there is room for only one line", "write one line")
        markdown = " ".join(markdown.split())
    if re.fullmatch(r'"[^"]+"', markdown) and not part.text.startswith('"'):
        markdown = markdown[1:-1].strip()
    if not markdown:
        raise MisfitError(*EMPTY)
    if part.is_complete:
        return markdown
    text, sentences = part.wording.text, _sentences(part.wording.text)
    before, after = text[: part.start], text[part.end :]
    is_phrase = part.start not in [start for start, _ in sentences] or part.end not in [end for _, end in sentences]
    is_item = _ITEM_MARK.match(before.rpartition("\n")[2])
    if is_item and (mark := _ITEM_MARK.match(markdown)):
        markdown = markdown[mark.end() :]
    old_stop, new_stop = _STOP.search(part.text), _STOP.search(markdown)
    is_sentence = new_stop and markdown[0].isupper() and not part.text[0].isupper()
    if (is_phrase and is_sentence) or ("\n" in markdown and (is_phrase or is_item)):
        wrong = "this is a whole sentence or more, but the current wording is only part of a sentence or item"
        raise MisfitError(wrong, "copy the whole sentence as the current wording, or write only the words that replace the part")
    if "\n" in markdown:
        before = f"{before.rstrip()}\n\n" if _ITEM_MARK.match(markdown) else before
        after = f"\n\n{after.lstrip()}" if _ITEM_MARK.match(markdown.rpartition("\n")[2]) else after
        return (before + markdown + after).strip()
    if part.text[0].isupper():
        markdown = markdown[0].upper() + markdown[1:]
    if is_phrase and not old_stop:
        markdown = markdown.removesuffix(".")
    elif old_stop and not new_stop:
        markdown += old_stop[0]
    return before + markdown + after
