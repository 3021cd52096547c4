"""Turn text pasted from a word processor, a PDF or a mail into paragraphs and lists, and name what a record cannot hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from macros.text import normalised

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2028\u2029\x0b\x85\r", "\n"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f", ""),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    }
)
_SOFT_BREAK = re.compile(r"[\u00ad\u00ac][ \t]*\n\s*|\u00ad")
"""A soft hyphen (or the sign that a word processor exports for it) with the line break behind it."""

_HYPHENATED = re.compile(r"(?<![\w-])([^\W_]+(?:-[^\W_]+)*)-[ \t]*\n[\s>]*([^\W_]+)")
_SUSPENDED = {"and", "or", "to", "nor", "but", "as", "versus"}
"""The words that follow a hyphen which stays, as in "short- and long-term"."""

_PREFIXES = {"co", "ex", "multi", "non", "self", "semi"}
"""What keeps its hyphen before a word that the records do not have."""

_PAGE = re.compile(
    r"[ \t]*(?:Page[ \t]+\d{1,4}[ \t]*(?:of|/)[ \t]*\d{1,4}|\d{1,4}[ \t]*\|[ \t]*P ?a ?g ?e|P ?a ?g ?e[ \t]*\|[ \t]*\d{1,4})[ \t]*"
)
_MAYBE_PAGE = re.compile(r"[ \t]*(?:[Pp]age[ \t]+\d{1,4}|\d{1,4}[ \t]+of[ \t]+\d{1,4}|[-–—][ \t]*\d{1,4}[ \t]*[-–—]|\d{1,4})[ \t]*")

_BULLETS = "•·∙▪▫◦‣⁃●○■□◆❖➢➤►▶→➔➜⇒»›✓✔✅☑☐✗✘★☆\uf000-\uf0ff"
_BULLET = re.compile(rf"(?P<indent>[ \t]*)(?:(?P<kind>[{_BULLETS}])[ \t]*|(?P<tabbed>[oØü§])\t[ \t]*)(?P<text>\S.*)")
_SAME = ("•·∙⁃●\uf0b7", "o◦○", "▪▫■□§\uf0a7")
"""The bullets that a word processor gives to lists inside lists, from the outermost; those together mean the same."""

_BARE_MARK = re.compile(rf"[ \t]*(?:[{_BULLETS}o]|[-–—*]|\(?(?:\d{{1,2}}|[a-z])\)|\d{{1,2}}\.)[ \t]*")
_DASH = re.compile(r"(?P<indent>[ \t]*)(?P<kind>[-*+–—\u2212o])[ \t]+(?P<text>\S.*)")
_NUMBER = re.compile(r"(?P<indent>[ \t]*)(?:\(?(?P<number>\d{1,3})\)[ \t]*|(?P<dotted>\d{1,3})\.(?:[ \t]+|(?=[A-Za-z])))(?P<text>\S.*)")
_LETTER = re.compile(
    r"(?P<indent>[ \t]*)(?:\((?P<both>[A-Za-z]|[ivxIVX]{2,5})\)|(?P<one>[A-Za-z]|[ivxIVX]{2,5})(?:\)|\.[ \t]))[ \t]*(?P<text>\S.*)"
)
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_DASHES, _COUNTED = "-*+–—\u2212", "1ai"
_ITEM = re.compile(r" *(?:[-*+]|\d{1,9}\.) +\S")
_ITEM_LIKE = re.compile(r"(?=[-+*>]\s)|(?<=\d)(?=[.)]\s)")

_FINISHED = re.compile(r"[.?!…:;][\"')\]*_]*$")
_STOPPED = re.compile(r"[.?!…][\"')\]*_]*$")
_FIRST = re.compile(r"[\"'(\[*_£]*(\w[\w'-]*)")
_LAST = re.compile(r"([\w'-]+)$")
_UNFINISHING = frozenset(
    re.findall(
        r"\w+",
        "a about across after against all an and any are as at be because been before between both but by can could did do does "
        "during each east every for from has have how if in including into is its many may more most must no nor north not of on "
        "one or other our over per shall should some south such than that the their these this those through to under until was "
        "were west what when where whether which who whom whose will with within without would your",
    )
)
"""Words that end no sentence and no heading: a line that ends with one goes on in the next."""

_STARTING = frozenset({"it", "they", "we", "you", "there", "then", "here", "ask", "make"})
"""Words that are no names although they have a capital where a sentence begins."""

_LONGEST_HEADING = 60
"""How many characters a line may have that looks like a heading."""

_SURELY_WRAPPED = 3
"""How many lines that begin inside a sentence show that a text has been wrapped."""

_LONGEST_WRAPPED = 120
"""The longest line that may have been wrapped by a mail or a PDF."""

_TABBED = re.compile(r"^(?![ \t]*(?:\W|[oØü]|\(?\w{1,3}[.)])\t)[^\S\n\t]*\S[^\n\t]*\t[^\n]*\S", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_HASH = re.compile(r"^[ \t]*#{1,6}[ \t]+(?=\S)")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'-]*")


class _Sign(NamedTuple):
    """What must not stand in a text: its pattern, what it is called, and what to do."""

    pattern: re.Pattern[str]
    wrong: str
    instead: str


_OF_MAIL = "paste only the text as it should read; leave greeting, name and address out"
_NO_TABLE = "say it in sentences, or in a list whose items begin with - and a space"
_MAIL = (
    _Sign(
        re.compile(
            r"^[^\S\n]*(?:--|(?:(?:with|kind(?:est)?|best|warm(?:est)?|many)\b[\w ]{0,20})?\b(?:regards|wishes|thanks)"
            r"|thank you|cheers|yours (?:sincerely|faithfully|truly)|(?:sent from|get outlook for) [^\n]+)[,.! ]*$",
            re.MULTILINE | re.IGNORECASE,
        ),
        "the end of a mail",
        _OF_MAIL,
    ),
    _Sign(
        re.compile(r"^[^\S\n]*(?:dear|hi|hello|good (?:morning|afternoon))\b[^\n.?!;:]{0,40}[,!]?$", re.MULTILINE | re.IGNORECASE),
        "the greeting of a mail",
        _OF_MAIL,
    ),
    _Sign(
        re.compile(r"^[^\S\n]*(?:from|sent|to|cc|subject):[^\S\n]", re.MULTILINE | re.IGNORECASE),
        "the head of a mail",
        _OF_MAIL,
    ),
)
_SIGNS = (
    _Sign(
        re.compile(r"^[^\S\n]*#{1,6}[^\S\n]+\S", re.MULTILINE),
        "a line that begins with #, the mark of a heading",
        "take the line out, or make a sentence of it; a text of a record has no headings",
    ),
    _Sign(re.compile(r"^[^\S\n]*\|.*\|[^\S\n]*$", re.MULTILINE), "a table", _NO_TABLE),
    _Sign(re.compile(r"^[^\S\n]*(?:={3,}|_{3,}|\*{3,})[^\S\n]*$", re.MULTILINE), "a line of = or _ or *", "take the line out"),
    *_MAIL,
)
_ALONE = re.compile(r"[ \t]*(?:\|.*\||[-=_*+]{3,}|(?:`{3}|~{3}).*)[ \t]*")
"""A line that is never part of a sentence."""


class Vocabulary(NamedTuple):
    """The words of the records: how often each occurs, in small letters, and which have a capital inside a sentence."""

    words: Mapping[str, int] = {}
    names: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    """The words that occur in small letters."""


NO_WORDS = Vocabulary()


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """Return the words of `texts`."""
    words: Counter[str] = Counter()
    names: set[str] = set()
    small: set[str] = set()
    for text in texts:
        found = _WORD.findall(text)
        words.update(word.casefold() for word in found)
        small.update(word for word in found if word.islower())
        names.update(_NAME.findall(text))
    return Vocabulary(words, frozenset(names), frozenset(small))


class Pasted(NamedTuple):
    """A pasted text as Markdown, what no record can hold (what is wrong, what to do), and what a maintainer should know."""

    text: str
    faults: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    unended: tuple[str, ...]
    """The ends of its paragraphs of which `faults` already say that no sentence ends there."""

    @property
    def lacks_stop(self) -> bool:
        """Return whether a paragraph has no stop at its end, of which `faults` say nothing."""
        paragraphs = (_TAG.sub("", paragraph).rstrip() for paragraph in self.text.split("\n\n"))
        ends = (paragraph for paragraph in paragraphs if not _ITEM.match(paragraph) and not _HASH.match(paragraph))
        return any(not _FINISHED.search(end) and not end.endswith(self.unended or "\0") for end in ends)


class _Line(NamedTuple):
    """One line: whether an empty line comes before it, how far in it begins, the mark of its item, and its words."""

    gap: bool
    indent: int
    kind: str
    """The sign of an item: a bullet, a dash, `1`, `a` or `i`; "" for none."""

    number: int
    text: str
    whole: str
    """The line with its mark."""


class _Item(NamedTuple):
    """One item of a list: how deep it is, its mark in Markdown, and its lines."""

    depth: int
    mark: str
    lines: list[str]


@dataclass
class _Block:
    """A paragraph, with its lines, or a list, with its items."""

    lines: list[str] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)

    def markdown(self) -> str:
        """Return the block: a list has an item a line, and a paragraph its sentences as typed."""
        if self.items:
            return "\n".join(f"{' ' * 4 * item.depth}{item.mark} {' '.join(item.lines)}" for item in self.items)
        said = self.lines[:1]
        for before, line in pairwise(self.lines):
            said += ["\n" if _STOPPED.search(before) and not line[0].islower() else " ", line]
        return _escaped("".join(said))


def plain_characters(text: str) -> str:
    """Return `text` without what nobody sees or types: soft hyphens, marks without width, ligatures, curly quotes, odd spaces."""
    return _SOFT_BREAK.sub("", normalised(text.replace("\r\n", "\n")).translate(_PLAIN))


def laid_out(text: str, known: Vocabulary = NO_WORDS) -> str:
    """Return `text` with a line for each paragraph's sentences as typed, and with lists as Markdown has them."""
    return pasted(text, known).text


def foreign(text: str, known: Vocabulary = NO_WORDS) -> tuple[tuple[str, str], ...]:
    """Return what `text` brings along that no text of a record holds, and what to do with it."""
    return pasted(text, known).faults


def is_list(text: str) -> bool:
    """Return whether `text`, as `laid_out` returns it, holds a list of more than one item."""
    return sum(bool(_ITEM.match(line)) for line in text.split("\n")) > 1


def pasted(text: str, known: Vocabulary = NO_WORDS) -> Pasted:
    """Return `text` as Markdown, with lines joined that a mail or a PDF has wrapped, and what is wrong with it."""
    plain = _without_page_ends(plain_characters(text))
    tabbed = len(_TABBED.findall(plain)) > 1
    return _Layout(_joined(_unquoted(plain), known), known).pasted(tabbed=tabbed)


def _without_page_ends(text: str) -> str:
    """Return `text` without form feeds, and without the numbers of pages that are surely such."""
    pages = text.split("\f")
    for number, page in enumerate(pages):
        lines = page.split("\n")
        if number:
            while lines and not lines[0].strip():
                del lines[0]
            if lines and _MAYBE_PAGE.fullmatch(lines[0]):
                lines = lines[1:]
        if number < len(pages) - 1:
            while lines and not lines[-1].strip():
                del lines[-1]
            if lines and _MAYBE_PAGE.fullmatch(lines[-1]):
                lines = lines[:-1]
        pages[number] = "\n".join(lines).strip("\n") if len(pages) > 1 else page
    return "\n".join(line for line in "\n".join(pages).split("\n") if not _PAGE.fullmatch(line))


def _unquoted(text: str) -> str:
    """Return `text` without the marks by which a mail quotes; a sign before a number stays."""
    lines = text.split("\n")
    every = all(_QUOTE.match(line) for line in lines if line.strip())
    return "\n".join(_QUOTE.sub("", line) if every or not re.match(r"[ \t]*>[ \t]*[£$€\d]", line) else line for line in lines)


def _joined(text: str, known: Vocabulary) -> str:
    """Return `text` with the words joined that are hyphenated at the end of a line; a hyphen stays where the records have it."""
    own = Counter(word.casefold() for word in _WORD.findall(text))

    def times(word: str) -> int:
        return known.words.get(word.casefold(), 0) + own[word.casefold()]

    def whole(found: re.Match[str]) -> str:
        first, second = found[1], found[2]
        joined, hyphened = f"{first}{second}", f"{first}-{second}"
        if not second[0].islower():
            return hyphened
        if times(joined) > times(hyphened):
            return joined
        if second in _SUSPENDED:
            return f"{first}- {second}"
        both = len(first) > 2 and len(second) > 2 and known.words.get(first.casefold()) and known.words.get(second)
        return hyphened if times(hyphened) or both or "-" in first or first.casefold() in _PREFIXES else joined

    while (made := _HYPHENATED.sub(whole, text)) != text:
        text = made
    return text


class _Layout:
    """Sorts the lines of one text into paragraphs and items, from the first to the last."""

    def __init__(self, text: str, known: Vocabulary) -> None:
        self.known = known
        self.faults: list[tuple[str, str]] = []
        self.lines = self._without_numbers_of_pages(_with_letters(list(_lines(text))))
        self.kinds = Counter(line.kind for line in self.lines)
        self.last = {(line.kind, line.number): at for at, line in enumerate(self.lines)}
        """Where each number or letter begins a line for the last time."""
        self.widths = sorted((len(line.whole) for line in self.lines), reverse=True)
        lower = sum(not _FINISHED.search(before.whole) and line.whole[0].islower() for before, line in pairwise(self.lines))
        self.hard = lower >= _SURELY_WRAPPED
        """Whether so many lines begin inside a sentence that all have been wrapped."""
        self.blocks: list[_Block] = []
        self.stack: list[tuple[int, str, int]] = []
        """The lists that are open, the outermost first: indent, kind of mark, and last number."""
        self.said = ""
        """The lines so far, with those joined through which a sentence runs."""
        self.unended: list[tuple[str, str]] = []
        """What is wrong with lines that have no stop."""
        self.ends: list[str] = []
        """These lines, and those of a mail."""
        self.notes: list[str] = []

    def pasted(self, *, tabbed: bool) -> Pasted:
        """Return the whole text; `tabbed`: it holds a table of tabs."""
        mail = False
        for at, line in enumerate(self.lines):
            before = self.lines[at - 1] if at else None
            item = self._is_item(at)
            wrapped = before is not None and not item and self._wrapped(before, line)
            self.said += (" " if wrapped else "\n") + line.whole
            mail = mail or _is_mail(line.whole)
            self.ends += [line.whole] if mail else []
            if before is not None and not wrapped and not self.stack:
                self._check_end(before, line, item=item)
            if item:
                self._item(line)
            elif before is None or not self._goes_on(before, line):
                self.stack = []
                self.blocks.append(_Block(lines=[line.whole]))
            elif self.stack:
                self.blocks[-1].items[-1].lines.append(line.whole)
            else:
                self.blocks[-1].lines.append(line.whole)
        found = [(sign.wrong, sign.instead) for sign in _SIGNS if sign.pattern.search(self.said)]
        found += [("a table (its cells stand between tabs)", _NO_TABLE)] if tabbed else []
        found += self.faults
        text = "\n\n".join(block.markdown() for block in self.blocks)
        faults = tuple(dict.fromkeys(found or self.unended))
        ends = (*self.ends, *(line.whole for line in self.lines if tabbed))
        return Pasted(text, faults, tuple(dict.fromkeys(self.notes)), ends if faults else ())

    def _without_numbers_of_pages(self, lines: list[_Line]) -> list[_Line]:
        """Return `lines` without numbers that interrupt a sentence; one between two paragraphs is a fault."""
        kept: list[_Line] = []
        for at, line in enumerate(lines):
            after = lines[at + 1] if at + 1 < len(lines) else None
            if kept and after and line.gap and after.gap and not line.kind and _MAYBE_PAGE.fullmatch(line.whole):
                if _FINISHED.search(kept[-1].whole):
                    wrong = f'a line that looks like the number of a page ("{line.whole}")'
                    self.faults.append((wrong, "take it out, or put it into a sentence"))
            else:
                kept.append(line)
        return kept

    def _is_item(self, at: int) -> bool:
        """Return whether the line at `at` begins an item, and not only with a sign that a wrapped line happens to begin with."""
        line, before = self.lines[at], self.lines[at - 1] if at else None
        if not line.kind or line.kind in _COUNTED:
            return bool(line.kind) and self._is_next(at)
        if line.kind not in _DASHES and line.kind != "o":
            return True
        others = self.kinds[line.kind]
        if line.kind == "o":
            return others > 1 or any(kind and kind not in f"{_DASHES}{_COUNTED}o" for kind in self.kinds)
        if before is None or line.gap or _FINISHED.search(before.whole) or any(kind == line.kind for _, kind, _ in self.stack):
            return others > 1 or line.kind in "-*+"
        opened = before.text.count(f" {line.kind} ") % 2 or before.text.endswith(f" {line.kind}")
        return others > 1 and not opened

    def _is_next(self, at: int) -> bool:
        """Return whether the number or letter of the line at `at` follows on one before it, or is the first of several."""
        line, before = self.lines[at], self.lines[at - 1] if at else None
        if any((kind, last + 1) == (line.kind, line.number) for _, kind, last in self.stack):
            return True
        follows = self.last.get((line.kind, line.number + 1), -1) > at
        fresh = before is None or line.gap
        if line.kind == "1" and (fresh or (before and _FINISHED.search(before.whole))):
            return follows or fresh
        return line.number == 1 and follows

    def _item(self, line: _Line) -> None:
        """Add the item that `line` begins, as deep as its indent and its mark say."""
        while len(self.stack) > 1 and line.indent < self.stack[-1][0] - 1:
            self.stack.pop()
        if self.stack and line.indent <= self.stack[-1][0] + 1:
            same = [depth for depth, (_, kind, _) in enumerate(self.stack) if kind == line.kind]
            if same:
                del self.stack[same[-1] :]
            elif line.gap and len(self.stack) == 1:
                self.stack = []
        numbered = bool(line.number)
        last = self.blocks[-1].items[-1] if self.blocks and self.blocks[-1].items else None
        if not self.stack and (last is None or (last.mark != "-") != numbered):
            self.blocks.append(_Block())
        self.stack.append((line.indent, line.kind, line.number))
        if line.kind in ("a", "i"):
            self.notes.append("A list with letters has been given numbers. Check that nothing refers to one of the letters.")
        self.blocks[-1].items.append(_Item(len(self.stack) - 1, f"{line.number}." if numbered else "-", [line.text]))

    def _goes_on(self, before: _Line, line: _Line) -> bool:
        """Return whether `line` belongs to the paragraph or item of the line `before`."""
        if _ALONE.fullmatch(line.whole) or _ALONE.fullmatch(before.whole):
            return False
        if self.stack:
            within = line.indent > self.stack[-1][0] + 1 or (not line.gap and line.whole[0].islower())
            return within or self._wrapped(before, line)
        return not line.gap or self._wrapped(before, line)

    def _wrapped(self, before: _Line, line: _Line) -> bool:
        """Return whether a sentence runs from the line `before` into `line`."""
        if _FINISHED.search(before.whole) or any(_is_mail(each.whole) or _ALONE.fullmatch(each.whole) for each in (before, line)):
            return False
        first, last = _FIRST.match(_HASH.sub("", line.whole)), _LAST.search(before.whole)
        word = first[1] if first else ""
        if before.whole.endswith((",", "-", "–", "—", "&", "/", "(")) or (last and last[1] in _UNFINISHING):
            return True
        if word and word[0].islower():
            return not (line.gap and self.stack)
        if not word or not word[0].isupper():
            return not line.gap and (not self.stack or self._forced(before, word))
        if not self._forced(before, word) or (before.whole.isupper() and word.isupper()):
            return False
        if word in self.known.names or (word.isupper() and len(word) > 1):
            return True
        common = word.casefold() in self.known.small or word.casefold() in _UNFINISHING | _STARTING
        return not self.stack and (self.hard or not common)

    def _forced(self, before: _Line, word: str) -> bool:
        """Return whether `word` had no room in the line `before`, going by how long the other lines are."""
        length = len(before.whole)
        others = self.widths[1] if length == self.widths[0] else self.widths[0]
        return length <= _LONGEST_WRAPPED and length + 1 + len(word) > others

    def _check_end(self, before: _Line, line: _Line, *, item: bool) -> None:
        """Note it if the line `before`, of a paragraph, has no stop though a new sentence begins in `line`."""
        said = before.whole
        if _FINISHED.search(said) or _is_mail(said) or _ALONE.fullmatch(said) or _HASH.match(said):
            return
        lines = self.blocks[-1].lines
        opens = len(lines) == 1 or _STOPPED.search(lines[-2])
        if opens and len(said) <= _LONGEST_HEADING and (said[0].isdigit() or said[0].isupper()):
            wrong = f'a line that looks like a heading ("{said}")'
            self.ends.append(said)
            self.unended.append((wrong, "take it out, or end it with a full stop or a colon; a text of a record has no headings"))
        elif not line.gap and not item:
            end = said if len(said) <= _LONGEST_HEADING else f"...{said[-_LONGEST_HEADING:].partition(' ')[2]}"
            wrong = f'a line without a full stop at its end ("{end}")'
            self.ends.append(said)
            self.unended.append((wrong, "end it with a full stop, or join it to the next line"))


def _is_mail(line: str) -> bool:
    return (line[:1].isupper() or line == "--") and any(sign.pattern.match(line) for sign in _MAIL)


def _lines(text: str) -> Iterator[_Line]:
    """Yield each line of `text` that holds something; a mark that stands alone is put before the next line."""
    gap, mark = False, ""
    for typed in text.split("\n"):
        line = typed.rstrip()
        if not line.strip():
            gap = True
        elif not mark and _BARE_MARK.fullmatch(line):
            mark = f"{line} "
        else:
            yield _line(mark + (line.lstrip() if mark else line), gap=gap)
            gap, mark = False, ""
    if mark:
        yield _line(mark.rstrip(), gap=gap)


def _line(line: str, *, gap: bool) -> _Line:
    kind, number, text = "", 0, line.strip()
    found = _BULLET.match(line) or _DASH.match(line)
    if found:
        sign = found["kind"] or found.groupdict().get("tabbed") or ""
        kind, text = next((signs[0] for signs in _SAME if sign in signs), sign), found["text"]
    elif found := _NUMBER.match(line):
        kind, number, text = "1", int(found["number"] or found["dotted"]), found["text"]
    elif found := _LETTER.match(line):
        kind, text = "a", found["text"]
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))
    return _Line(gap, indent, kind, number, " ".join(text.split()), " ".join(line.split()))


def _with_letters(lines: list[_Line]) -> list[_Line]:
    """Return `lines` with it said of each letter that begins one whether it counts as a letter or as a Roman number."""
    before = ("", 0)
    for at, line in enumerate(lines):
        if line.kind != "a":
            continue
        typed = line.whole.strip("(").partition(")")[0].partition(".")[0].casefold()
        letter = ("a", ord(typed) - ord("a") + 1) if len(typed) == 1 else ("", 0)
        roman = ("i", _ROMAN.index(typed)) if typed in _ROMAN else ("", 0)
        is_roman = roman[0] and before != ("a", letter[1] - 1) and (before == ("i", roman[1] - 1) or len(typed) > 1 or typed == "i")
        before = roman if is_roman else letter
        lines[at] = line._replace(kind=before[0], number=before[1])
    return lines


def _escaped(text: str) -> str:
    """Return `text` so that its first characters are words, and not the mark of an item."""
    if _ITEM.match(text) or re.match(r"\d{1,9}\)\s|>", text):
        return _ITEM_LIKE.sub(r"\\", text, count=1)
    return text
