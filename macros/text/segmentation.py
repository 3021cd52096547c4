"""Split Markdown into the text that readers see, its paragraphs and its sentences."""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect
from collections.abc import Iterator
from typing import Literal, NamedTuple

from macros.text.normalisation import normalised
from macros.text.patterns import ID_PATTERN

REMOVED = "\0"
"""Replaces each character that is not part of the text; no file may have it."""

_BARE = r"(?:https?://|mailto:|www\.)[^\s<>]*[^\s<>.,;:?!)\]\"'”’]|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*\s*?$|\Z)"
_CODE_SPAN = r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"
_CALL = r"\{\{(?:(?!\{\{).)*?\}\}"
_NO_WORDS = tuple(
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        _FENCE,
        _CODE_SPAN,
        _CALL,
        r"\{:[^{}\n]*\}",  # an attribute list
        r"<!--(?:(?!<!--).)*?-->",
        r"<(style|script)\b(?:(?!<\1\b).)*?</\1>",
        r"</?[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>",  # a tag, or an address in < >
        rf"\[\[(?:{ID_PATTERN}\|)?|\]\]",  # around the words of a link to a term
        r"!?\[(?=[^\[\]]*\][(\[])|\](?:\([^()\s]*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)|\[[^\[\]]*\])",  # around the words of a link
        r"^ {0,3}\[[^\]\n]+\]:.*$",  # the address of a link, at the end of a page
        _BARE,
        r"\*+(?!\s)|(?<=\S)\*+|(?<![^\W_])_+|_+(?![^\W_])",  # emphasis
        r"^ {0,3}>+ ?",  # the mark of a quotation of several lines
    )
)
_QUOTED = re.compile(r"“(?:(?!\n\s*\n)[^“”])*”|(?<![^\W_])\"(?=\S)(?:(?!\n\s*\n)[^\"])*(?<=\S)\"(?![^\W_])")
_A_WORD = re.compile(r"(?<!\S)(?:[^\w\s]|_)*+[^\W_]\S*")
_TERM = re.compile(rf"(?<=\[\[){ID_PATTERN}(?=\]\])")
_ITEM = re.compile(r"[\s\0]*(?:[-*+]|\d{1,3}[.)])\s+")
_HEADING = re.compile(r" {0,3}#{1,6}\s+")
_CELL = re.compile(r"[^|\n]+")
_STOP = re.compile(r"(?<![.?!…])[.?!…]+[\")\]”’'\0]*(?=(\s+)(\S?))")
_ABBREVIATION = re.compile(r"(?<![^\W_])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Rev|St|Ltd|vs|cf|etc|approx|dept)\.$")
_BEFORE_A_NUMBER = re.compile(r"(?<![^\W_])(?:nos?|paras?|reg|regs|sec|art|vol|pp|ch|fig)\.$", re.IGNORECASE)


class Passage(NamedTuple):
    """A text and two copies of the same length: `shown` has only what readers see, `ours` has no quotations either."""

    text: str
    shown: str
    ours: str


_ENTITY = re.compile(
    rf"(?P<code>{_FENCE}|{_CODE_SPAN}|{_CALL})|&(?:amp;|#38;|#x26;)*(?P<entity>(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,31}});?)",
    re.DOTALL | re.MULTILINE,
)
_MARKUP = frozenset("\\`*_{}[]<>&\"'!#|~")
"""Characters that an entity keeps from being read as marks of Markdown or HTML."""


class Decoded(NamedTuple):
    """A text with each entity replaced by its character: `shown`, and where entities stood in the `typed` text."""

    typed: str
    shown: str
    entities: tuple[tuple[int, int, int], ...] = ()
    """For each entity: the place of its character in `shown`, and its start and end in `typed`."""

    def place(self, offset: int) -> int:
        """Return where the character at `offset` of `shown` is typed."""
        found = bisect(self.entities, (offset, len(self.typed))) - 1
        if found < 0:
            return offset
        at, start, end = self.entities[found]
        return start if at == offset else end + offset - at - 1


@functools.lru_cache(maxsize=1_000)
def decoded(text: str) -> Decoded:
    """Return `text` with entities such as `&shy;` and `&#9746;` replaced by their characters, except in code, in calls and for marks.

    Entities without a semicolon, and escaped ones such as `&amp;shy;`, count too.
    """
    shown, done = "", 0
    entities: list[tuple[int, int, int]] = []
    for found in _ENTITY.finditer(text) if "&" in text else ():
        read = "" if found["code"] else html.unescape(f"&{found['entity']}") or "\ufffd"
        character, rest = read[:1], read[1:]  # without a semicolon, the rest is text
        if character and character not in _MARKUP:
            shown += text[done : found.start()]
            done = found.end() - len(rest)
            entities.append((len(shown), found.start(), done))
            shown += " " if normalised(character).isspace() else character
    return Decoded(text, shown + text[done:], tuple(entities))


class Block(NamedTuple):
    """A part of a text: where it starts, what it shows, and what it is."""

    start: int
    shown: str
    kind: Literal["paragraph", "item", "heading", "cell"]


class Sentence(NamedTuple):
    """One sentence: where it starts in its text, and what it shows."""

    start: int
    shown: str

    @property
    def words(self) -> tuple[str, ...]:
        """Return its words, each with a letter or a digit."""
        return tuple(_A_WORD.findall(self.shown.replace(REMOVED, "")))


@functools.lru_cache(maxsize=20_000)
def passage(text: str) -> Passage:
    """Return `text` without code, addresses, tags, marks and calls, and without quotations."""
    shown = text
    for pattern in _NO_WORDS:
        shown = pattern.sub(_blank, shown)
    ours = _QUOTED.sub(_blank, shown)
    if "[[" in text:
        ours = "".join(REMOVED if mark == REMOVED else character for mark, character in zip(_TERM.sub(_blank, text), ours, strict=True))
    return Passage(text, shown, ours)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", REMOVED, found[0])


@functools.lru_cache(maxsize=20_000)
def blocks(shown: str) -> tuple[Block, ...]:
    """Return the paragraphs, items of lists, headings and cells of tables in `shown`, without their marks."""
    return tuple(_blocks(shown))


def _blocks(shown: str) -> Iterator[Block]:
    start, end = 0, 0
    kind: Literal["paragraph", "item"] | None = None
    for line in re.finditer(r".*\n?", shown):
        item = None
        own: list[Block] = []  # the blocks of this line alone
        if heading := _HEADING.match(line[0]):
            own = [Block(line.start() + heading.end(), line[0][heading.end() :], "heading")]
        elif line[0].lstrip().startswith("|"):
            own = [Block(line.start() + cell.start(), cell[0], "cell") for cell in _CELL.finditer(line[0])]
        else:
            item = _ITEM.match(line[0])
        if kind and (own or item or not line[0].strip()):
            yield Block(start, shown[start:end], kind)
            kind = None
        yield from own
        if item:
            start, kind = line.start() + item.end(), "item"
        elif not own and line[0].strip() and not kind:
            start, kind = line.start(), "paragraph"
        end = line.end()


@functools.lru_cache(maxsize=20_000)
def sentences(block: Block) -> tuple[Sentence, ...]:
    """Return the sentences of `block` that have a word."""
    return tuple(_sentences(block))


def _sentences(block: Block) -> Iterator[Sentence]:
    start = 0
    ends = [found.end() for found in _STOP.finditer(block.shown) if _ends(block.shown, found)]
    for end in [*ends, len(block.shown)]:
        part = block.shown[start:end]
        sentence = Sentence(block.start + start + len(part) - len(part.lstrip(f"{REMOVED} \n")), part.strip(f"{REMOVED} \n"))
        if sentence.words:
            yield sentence
        start = end


def sentence_starts(block: Block) -> list[int]:
    """Return where each sentence of `block` starts in its text, including the marks before its first word."""
    starts = [sentence.start - block.start for sentence in sentences(block)]
    return sorted({block.start + start - len(re.split(r"\s", block.shown[:start])[-1]) for start in starts})


def _ends(shown: str, stop: re.Match[str]) -> bool:
    """Return whether a sentence ends at `stop`, and not only an abbreviation, an initial or an aside."""
    space, after = stop[1], stop[2]
    before = shown[max(0, stop.start() - 12) : stop.start() + 1]
    if _ABBREVIATION.search(before) or (after.isdigit() and _BEFORE_A_NUMBER.search(before)):
        return False
    return "\n" in space or not after.islower()
