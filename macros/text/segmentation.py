"""Text as a reader sees it: which characters are our words, in which paragraphs and items, and in which sentences."""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect
from collections.abc import Iterator
from typing import Literal, NamedTuple

from macros.text.normalisation import normalised
from macros.text.patterns import ID_PATTERN

GONE = "\0"
"""What stands for each character that is no word of ours; no file that is read may hold it."""

_BARE = r"(?:https?://|mailto:|www\.)[^\s<>]*[^\s<>.,;:?!)\]\"'”’]|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NO_WORDS = tuple(
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*\s*?$|\Z)",  # a fenced block of code
        r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)",  # a code span
        r"\{\{(?:(?!\{\{).)*?\}\}",  # a macro call
        r"\{:[^{}\n]*\}",  # an attribute list
        r"<!--(?:(?!<!--).)*?-->",
        r"<(style|script)\b(?:(?!<\1\b).)*?</\1>",
        r"</?[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>",  # a tag, or an address in < >
        rf"\[\[(?:{ID_PATTERN}\|)?|\]\]",  # what stands round the words of a link to a term
        r"!?\[(?=[^\[\]]*\][(\[])|\](?:\([^()\s]*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)|\[[^\[\]]*\])",  # what stands round the words of a link
        r"^ {0,3}\[[^\]\n]+\]:.*$",  # where a link leads, at the foot of a page
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
    """A text, twice and as long: `shown` keeps only words that a reader sees, `ours` not even those that it quotes."""

    text: str
    shown: str
    ours: str


_ENTITY = re.compile(
    r"(?P<code>^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\2[`~]*\s*?$|\Z)"
    r"|(?<![`\\])(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\3(?!`)|\{\{(?:(?!\{\{).)*?\}\})"
    r"|&(?:amp;|#38;|#x26;)*(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[a-zA-Z][a-zA-Z0-9]{1,31}));?",
    re.DOTALL | re.MULTILINE,
)
_MARKUP = frozenset("\\`*_{}[]<>&\"'!#|~")
"""Characters that an entity keeps from being read as marks of Markdown or HTML."""


class Decoded(NamedTuple):
    """A text with each entity replaced by its character: `shown`, and where entities stood in the `typed` text."""

    typed: str
    shown: str
    entities: tuple[tuple[int, int, int], ...] = ()
    """For each entity: where its character stands in `shown`, and from where to where it is `typed`."""

    def place(self, offset: int) -> int:
        """Return where the character at `offset` of `shown` is typed."""
        found = bisect(self.entities, (offset, len(self.typed))) - 1
        if found < 0:
            return offset
        at, start, end = self.entities[found]
        return start if at == offset else end + offset - at - 1

    def entity(self, offset: int) -> str:
        """Return the entity that stands for the character at `offset` of `shown`, or "" if it is typed itself."""
        return next((self.typed[start:end] for at, start, end in self.entities if at == offset), "")


@functools.lru_cache(maxsize=1_000)
def decoded(text: str) -> Decoded:
    """Return `text` with the characters that its entities stand for, as in `&shy;` and `&#9746;`, except in code and macro calls.

    An entity without its semicolon and one that is escaped again count too. Those for marks of Markdown and HTML stay as typed.
    """
    if "&" not in text:
        return Decoded(text, text)
    shown, done = "", 0
    entities: list[tuple[int, int, int]] = []
    for found in _ENTITY.finditer(text):
        character, unread = _character(found)
        if character:
            shown += text[done : found.start()]
            done = found.end() - unread
            entities.append((len(shown), found.start(), done))
            shown += character
    return Decoded(text, shown + text[done:], tuple(entities))


def _character(entity: re.Match[str]) -> tuple[str, int]:
    """Return the one character that `entity` stands for, or "" if none or a mark, and how many letters at its end belong to the text."""
    character, unread = "", 0
    if entity["name"]:
        typed = f"&{entity['name']}{';' if entity[0].endswith(';') else ''}"
        read = html.unescape(typed)
        if read == typed:
            read = html.unescape(f"{typed};")
        if not read.startswith("&"):
            character, unread = read[0], len(read) - 1
    elif not entity["code"]:
        code = int(entity["decimal"]) if entity["decimal"] else int(entity["hex"], 16)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if not character or character in _MARKUP:
        return "", 0
    return (" " if character in "\t\n\r" or normalised(character) == " " else character), unread


class Block(NamedTuple):
    """A stretch of what is shown: where it starts in its text, what it shows, and what it is."""

    start: int
    shown: str
    kind: Literal["paragraph", "item", "heading", "cell"]


class Sentence(NamedTuple):
    """One sentence: where it starts in its text, and what it shows."""

    start: int
    shown: str

    @property
    def words(self) -> tuple[str, ...]:
        """Return its words; what has no letter or digit is none."""
        return tuple(_A_WORD.findall(self.shown.replace(GONE, "")))


@functools.lru_cache(maxsize=20_000)
def passage(text: str) -> Passage:
    """Return `text` without code, addresses, tags, marks and calls, and without what it quotes."""
    shown = text
    for pattern in _NO_WORDS:
        shown = pattern.sub(_blank, shown)
    ours = _QUOTED.sub(_blank, shown)
    if "[[" in text:
        ours = "".join(GONE if mark == GONE else character for mark, character in zip(_TERM.sub(_blank, text), ours, strict=True))
    return Passage(text, shown, ours)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", GONE, found[0])


@functools.lru_cache(maxsize=20_000)
def blocks(shown: str) -> tuple[Block, ...]:
    """Return the paragraphs, items of lists, headings and cells of tables that `shown` holds, without their marks."""
    return tuple(_blocks(shown))


def _blocks(shown: str) -> Iterator[Block]:
    start, end, kind = 0, 0, ""
    for line in re.finditer(r".*\n?", shown):
        own, marked = _own(line)
        if kind and (own or marked or not line[0].strip()):
            yield Block(start, shown[start:end], "item" if kind == "item" else "paragraph")
            kind = ""
        yield from own
        if marked:
            start, kind = line.start() + marked.end(), "item"
        elif not own and line[0].strip() and not kind:
            start, kind = line.start(), "paragraph"
        end = line.end()


def _own(line: re.Match[str]) -> tuple[list[Block], re.Match[str] | None]:
    """Return what stands in `line` alone, and the mark with which it begins an item of a list."""
    if found := _HEADING.match(line[0]):
        return [Block(line.start() + found.end(), line[0][found.end() :], "heading")], None
    if line[0].lstrip().startswith("|"):
        return [Block(line.start() + cell.start(), cell[0], "cell") for cell in _CELL.finditer(line[0])], None
    return [], _ITEM.match(line[0])


@functools.lru_cache(maxsize=20_000)
def sentences(block: Block) -> tuple[Sentence, ...]:
    """Return the sentences of `block` that hold a word."""
    return tuple(_sentences(block))


def _sentences(block: Block) -> Iterator[Sentence]:
    start = 0
    ends = [found.end() for found in _STOP.finditer(block.shown) if _ends(block.shown, found)]
    for end in [*ends, len(block.shown)]:
        said = block.shown[start:end]
        sentence = Sentence(block.start + start + len(said) - len(said.lstrip(f"{GONE} \n")), said.strip(f"{GONE} \n"))
        if sentence.words:
            yield sentence
        start = end


def sentence_starts(block: Block) -> list[int]:
    """Return where each sentence of `block` starts in its text, with the marks before its first word."""
    found = [sentence.start - block.start for sentence in sentences(block)]
    return sorted({block.start + start - len(re.split(r"\s", block.shown[:start])[-1]) for start in found})


def _ends(shown: str, stop: re.Match[str]) -> bool:
    """Return whether a sentence ends at `stop`, which may also end an abbreviation, an initial or an aside."""
    space, after = stop[1], stop[2]
    before = shown[max(0, stop.start() - 12) : stop.start() + 1]
    if _ABBREVIATION.search(before) or (after.isdigit() and _BEFORE_A_NUMBER.search(before)):
        return False
    return "\n" in space or not after.islower()
