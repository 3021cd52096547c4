"""Find the part of a record's text that somebody quotes, and replace it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from macros.cli.suggest.paste_cleanup import is_list, laid_out, plain_characters
from macros.rendering.edit_links import Wording
from macros.text.segmentation import blocks, passage, sentence_starts

_SHORTEST = 3
"""How many letters a quotation must have."""

_SHORTEST_CUT = 15
"""How many letters a quotation must have that ends with dots, and a sentence that the new text repeats."""

_LIST_MARK = re.compile(r"^[\0 >]*(?:[-*+]|\(?\d{1,2}[.)]) +", re.MULTILINE)
_ITEM_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_MARKED = re.compile(r"\[\[[^\[\]\n]*\]\]|\[[^\[\]]*\]\([^()\s]*\)|(?<![\w*])\*+[^*\n]+\*+(?![\w*])|`[^`\n]+`")
"""A link, emphasis or code, with its marks."""

_STOP = re.compile(r"[.?!:;…](?=[\"')\]*_]*$)")


class MisfitError(ValueError):
    """The new text cannot replace the quoted part; `args` are what is wrong and what to do."""


class Part(NamedTuple):
    """Part of a text of a record, from one character to another."""

    wording: Wording
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the part as the record has it."""
        return self.wording.text[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Return whether it is the whole text."""
        return not (self.wording.text[: self.start].strip() or self.wording.text[self.end :].strip())


def find(texts: Sequence[Wording], typed: str) -> tuple[Part, ...]:
    """Return each part of `texts` that `typed` quotes; if it quotes whole texts, only these.

    Only letters and digits that a page shows are compared. Dots at the end stand for the rest of a text, as in the address
    that `suggest_url` returns.
    """
    wanted = letters(laid_out(typed))
    if len(wanted) < _SHORTEST:
        return ()
    whole = [text for text in texts if letters(text.text) == wanted]
    if not whole and typed.rstrip().endswith(("...", "…")):
        whole = [text for text in texts if len(wanted) >= _SHORTEST_CUT and letters(text.text).startswith(wanted)]
    elif not whole:
        return tuple(Part(text, start, end) for text in texts for start, end in _places(text.text, wanted))
    same = [text for text in whole if text.text.split() == plain_characters(typed).split()]
    return tuple(Part(text, 0, len(text.text)) for text in same or whole)


def letters(text: str) -> str:
    """Return the letters and digits of `text` that a page shows, without capitals and accents."""
    return "".join(letter for letter, _ in _letters(text))


@functools.lru_cache(maxsize=20_000)
def _letters(text: str) -> tuple[tuple[str, int], ...]:
    shown = _LIST_MARK.sub(lambda found: " " * len(found[0]), passage(text).shown)
    plain = ((unicodedata.normalize("NFKD", character).casefold(), at) for at, character in enumerate(shown))
    return tuple((letter, at) for characters, at in plain for letter in characters if letter.isalnum())


def _places(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield where the letters `wanted` are in `text` as whole words."""
    for found in re.finditer(f"(?={wanted})", letters(text)):
        start, end = _letters(text)[found.start()][1], _letters(text)[found.start() + len(wanted) - 1][1] + 1
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield _rounded(text, start, end)


def _rounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` with the marks of links and emphasis, and with the stop if whole sentences are between them."""
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
    """Return where each sentence of `text` begins and ends, with its marks and its stop."""
    spans = []
    for block in blocks(passage(text).shown):
        starts = sentence_starts(block)
        for start, end in zip(starts, [*starts[1:], block.start + len(block.shown)], strict=True):
            spans.append((start, start + len(text[start:end].rstrip())))
    return spans


def replaced(part: Part, quoted: str, new: str, known: frozenset[str] = frozenset()) -> tuple[str, Part]:
    """Return the whole text with `new` in place of `part`, which somebody `quoted`, and the part replaced.

    Sentences around the part that `new` repeats are replaced, too. `known` are hyphenated words. Raise MisfitError if `new`
    cannot be there.
    """
    made = laid_out(new, known)
    if not part.wording.prose and is_list(made):
        raise MisfitError("a list, where the record has room for one line", "write one sentence or name")
    made = made if part.wording.prose else " ".join(made.split())
    if re.fullmatch(r'"[^"]+"', made) and not re.fullmatch(r'".*"', part.text):
        made = made[1:-1].strip()
    if not made:
        raise MisfitError("nothing is written", "write it")
    part = _with_repeated(part, letters(made))
    if part.whole:
        return made, part
    text, spans = part.wording.text, _sentences(part.wording.text)
    before, after = text[: part.start], text[part.end :]
    phrase = part.start not in [first for first, _ in spans] or part.end not in [last for _, last in spans]
    item = _ITEM_MARK.match(before.rpartition("\n")[2])
    if item:
        made = _ITEM_MARK.sub("", made, count=1) if _ITEM_MARK.match(made) else made
    if "\n" in made and (item or phrase):
        wrong = f"several paragraphs or items, but the wording now quotes {'an item of a list' if item else 'part of a sentence'}"
        raise MisfitError(wrong, "quote the whole text, or write only what replaces the part")
    if "\n" in made:
        before = f"{before.rstrip()}\n\n" if _ITEM_MARK.match(made) else before
        after = f"\n\n{after.lstrip()}" if _ITEM_MARK.match(made.rpartition("\n")[2]) else after
        return (before + made + after).strip(), part
    made = _with_case(part.text, quoted, made)
    stop = _STOP.search(part.text)
    if not phrase:
        return before + made + (stop[0] if stop and not _STOP.search(made) else "") + after, part
    if made[0].isupper() and _STOP.search(made) and len(made.split()) > len(part.text.split()) + 3:
        wrong = "a whole sentence, but the wording now quotes only part of one"
        raise MisfitError(wrong, "quote the whole sentence, or write only the words that replace the part")
    made = made if stop else made.removesuffix(".")
    return before + made + (after[1:] if made[-1:] in ",;:?!" and after[:1] in ",;:?!." else after), part


def _with_repeated(part: Part, new: str) -> Part:
    """Return `part` with the sentences of its text that the letters `new` repeat."""
    text, start, end = part.wording.text, part.start, part.end
    spans = [span for span in _sentences(text) if span[1] <= start or end <= span[0]]
    repeated = [span for span in spans if len(words := letters(text[slice(*span)])) >= _SHORTEST_CUT and words in new]
    if repeated:
        own = [span for span in _sentences(text) if span[0] < end and start < span[1]]
        start, end = min(first for first, _ in (*own, *repeated)), max(last for _, last in (*own, *repeated))
    return part._replace(start=start, end=end)


def _with_case(old: str, quoted: str, new: str) -> str:
    """Return `new` with the capital or small first letter of `old`, if somebody `quoted` it with the other and wrote that again."""
    typed = re.search(r"[^\W_]", plain_characters(quoted))
    if typed and typed[0] != old[0] and typed[0].casefold() == old[0].casefold() and typed[0].isupper() == new[0].isupper():
        if old[0].isupper():
            return new[0].upper() + new[1:]
        if old.split()[0].casefold() == new.split()[0].casefold():
            return new[0].lower() + new[1:]
    return new
