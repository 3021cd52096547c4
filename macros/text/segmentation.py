"""Split Markdown into the text that readers see, its paragraphs and its sentences."""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import Literal, NamedTuple

from macros.text.patterns import CODE_SPAN, FENCE, ID_PATTERN, MACRO_CALL

REMOVED = "\0"  # replaces each character that is not part of the text; no file may have it
_BARE = r"(?:https?://|mailto:|www\.)[^\s<>]*[^\s<>.,;:?!)\]\"'”’]|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NO_WORDS = tuple(
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        FENCE,
        CODE_SPAN,
        MACRO_CALL,
        r"\{:[^{}\n]*\}",  # an attribute list
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
_STOP = re.compile(r"(?<![.?!…])[.?!…]+[\")\]”’'\0]*(?=(\s+)(\S?))")
_ABBREVIATION = re.compile(r"(?<![^\W_])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Rev|St|Ltd|vs|cf|etc|approx|dept)\.$")
_BEFORE_A_NUMBER = re.compile(r"(?<![^\W_])(?:nos?|paras?|reg|regs|sec|art|vol|pp|ch|fig)\.$", re.IGNORECASE)


class Passage(NamedTuple):
    """A text and two copies of the same length: `shown` has only what readers see, `ours` has no quotations either."""

    text: str
    shown: str
    ours: str


class Block(NamedTuple):
    """A part of a text: where it starts, what it shows, and what it is."""

    start: int
    shown: str
    kind: Literal["paragraph", "item", "heading", "cell"]


class Sentence(NamedTuple):
    """Where a sentence starts in its text, and what it shows."""

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
        shown = blanked(pattern, shown, REMOVED)
    ours = blanked(_QUOTED, shown, REMOVED)
    if "[[" in text:
        marked = blanked(_TERM, text, REMOVED)
        ours = "".join(REMOVED if mark == REMOVED else character for mark, character in zip(marked, ours, strict=True))
    return Passage(text, shown, ours)


def blanked(pattern: re.Pattern[str], text: str, blank: str = " ") -> str:
    """Return `text` with `blank` instead of each character that `pattern` finds; line ends stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", blank, found[0]), text)


@functools.lru_cache(maxsize=20_000)
def blocks(shown: str) -> tuple[Block, ...]:
    """Return the paragraphs, items of lists, headings and cells of tables in `shown`, without their marks."""
    found: list[Block] = []
    is_open = False  # whether the next line may continue the last block
    for line in re.finditer(r".+\n?|\n", shown):
        heading, item, is_row = _HEADING.match(line[0]), _ITEM.match(line[0]), line[0].lstrip().startswith("|")
        if heading:
            found.append(Block(line.start() + heading.end(), line[0][heading.end() :], "heading"))
        elif is_row:
            found += (Block(line.start() + cell.start(), cell[0], "cell") for cell in re.finditer(r"[^|\n]+", line[0]))
        elif item:
            found.append(Block(line.start() + item.end(), line[0][item.end() :], "item"))
        elif is_open and line[0].strip():
            found[-1] = found[-1]._replace(shown=found[-1].shown + line[0])
        elif line[0].strip():
            found.append(Block(line.start(), line[0], "paragraph"))
        is_open = bool(line[0].strip()) and not heading and not is_row
    return tuple(found)


@functools.lru_cache(maxsize=20_000)
def sentences(block: Block) -> tuple[Sentence, ...]:
    """Return the sentences of `block` that have a word."""
    found = []
    ends = [stop.end() for stop in _STOP.finditer(block.shown) if _ends(block.shown, stop)]
    for start, end in pairwise([0, *ends, len(block.shown)]):
        part = block.shown[start:end]
        sentence = Sentence(block.start + start + len(part) - len(part.lstrip(f"{REMOVED} \n")), part.strip(f"{REMOVED} \n"))
        found += [sentence] if sentence.words else []
    return tuple(found)


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
