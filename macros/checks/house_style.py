"""Rules for how we write: words that we avoid, British spelling, single spaces, stops, and the length of sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from macros.loading.pages import Page
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.references import Key
from macros.model.singletons import Avoided, Words
from macros.model.types import Ref, Text
from macros.text.segmentation import GONE, Block, Decoded, Passage, blocks, decoded, passage, sentences

LONGEST = 30
"""How many words a sentence may have."""

WORDING = frozenset({"avoided-word", "american-spelling", "double-space", "no-stop", "long-sentence"})
"""The names of the problems that are faults of wording, in records and pages."""

_THEIRS = {"search", "also", "quotation", "source.title", "source.publisher", "report.title", "report.author"}
_THEIRS |= {"report.definition", "words.avoid"}
"""Fields whose words are not ours: what readers type, other names, quotations, titles of others, and the list itself."""

_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_STOPPED = re.compile(rf"[.?!:…][)\]\"”’'{GONE}\s]*\Z")
_LINK = re.compile(r"\s*(?:\[[^\[\]]*\]\([^()]*\)|</?[a-zA-Z!].*)\s*", re.DOTALL)
_WORD = re.compile(r"\w+")
_ALIKE = re.compile("['’]|ß")


class Slip(NamedTuple):
    """What is wrong at one place of a text: from which character (from 0), its name, and the message's two halves."""

    offset: int
    name: str
    wrong: str
    instead: str


Seeker = Callable[[Passage], Iterator[Slip]]


def word_is_avoided(framework: Framework) -> Iterator[Problem]:
    """No text of ours holds a word that data/words.yml says to avoid, except in a quotation."""
    yield from _in_records(framework, _seeker(_words_of(framework)), lines=True)


def spelling_is_british(framework: Framework) -> Iterator[Problem]:
    """No text of ours holds a spelling that data/words.yml calls American, except in a quotation."""
    yield from _in_records(framework, _seeker(_words_of(framework), american=True), lines=True)


def space_is_single(framework: Framework) -> Iterator[Problem]:
    """No two spaces stand together inside prose."""
    yield from _in_records(framework, _doubled)


def prose_ends_with_a_stop(framework: Framework) -> Iterator[Problem]:
    """A paragraph of prose ends with a stop, or with what closes a quotation or a bracket after one."""
    yield from _in_records(framework, _unstopped)


def sentence_has_at_most_30_words(framework: Framework) -> Iterator[Problem]:
    """No sentence has more than 30 words, except one that is wholly a quotation."""
    yield from _in_records(framework, _long, severity="warning")


def word_is_listed_once(framework: Framework) -> Iterator[Problem]:
    """The list of words that we avoid names each word once."""
    seen: set[str] = set()
    for position, avoided in enumerate(_words_of(framework).avoid):
        if avoided.word.casefold() in seen:
            wrong = f'"{avoided.word}" for the second time'
            yield framework.problem(("words", "words"), ("avoid", position, "word"), "twice", wrong, "keep one of the two")
        seen.add(avoided.word.casefold())


def slips(page: Page, words: Words) -> Iterator[Problem]:
    """Yield what is wrong with the wording of `page`, by the rules that hold for prose in records."""
    held = decoded(page.text)
    said = passage(held.shown)
    seekers: tuple[Seeker, ...] = (_seeker(words), _seeker(words, american=True), _doubled, _unstopped_in_page, _long)
    for seeker in seekers:
        for slip in seeker(said):
            before = page.text[: held.place(slip.offset)]
            line, column = page.first + before.count("\n"), len(before) - before.rfind("\n")
            severity: Literal["error", "warning"] = "warning" if seeker is _long else "error"
            yield Problem(page.path, line, column, slip.name, slip.wrong, slip.instead, severity=severity)


def _words_of(framework: Framework) -> Words:
    return framework.get(Words, "words")


def _in_records(framework: Framework, seeker: Seeker, *, lines: bool = False, **more: Any) -> Iterator[Problem]:
    """Yield what `seeker` finds in each prose text that is ours, and in each line that is ours if `lines`."""
    held = [(key, loc, decoded(text)) for key, loc, text in framework.prose]
    held += [(key, loc, Decoded(text, text)) for key, loc, text in (_lines(framework) if lines else ())]
    for key, loc, text in held:
        if not _is_theirs(key, loc):
            for slip in seeker(passage(text.shown)):
                yield framework.problem(key, loc, slip.name, slip.wrong, slip.instead, offset=text.place(slip.offset), **more)


def _lines(framework: Framework) -> Iterator[tuple[Key, Loc, str]]:
    for key, held in framework.index.leaves.items():
        for leaf in held:
            if Text.LINE in leaf.marks and not any(isinstance(mark, Ref) for mark in leaf.marks):
                yield key, leaf.loc, leaf.value


def _is_theirs(key: Key, loc: Loc) -> bool:
    return str(loc[0]) in _THEIRS or f"{key[0]}.{loc[0]}" in _THEIRS


def _seeker(words: Words, *, american: bool = False) -> Seeker:
    """Return what finds the words to avoid in a text: those that are American, or the others."""
    finder = _finder(words)

    def seek(said: Passage) -> Iterator[Slip]:
        for offset, typed, avoided in finder.found(said.ours):
            if american and avoided.american:
                yield Slip(offset, "american-spelling", f'"{typed}" is an American spelling', f'write "{avoided.use}"')
            elif not american and not avoided.american:
                yield Slip(offset, "avoided-word", f'we do not write "{typed}"', f"instead: {avoided.use}")

    return seek


class _Finder:
    """Finds the words to avoid in a text, each text once; what is fine although it holds one stands with None."""

    def __init__(self, words: Words) -> None:
        wanted: list[tuple[str, Avoided | None]] = [(avoided.word, avoided) for avoided in words.avoid]
        wanted += [(phrase, None) for avoided in words.avoid for phrase in avoided.but_not]
        self.phrases: dict[str, list[tuple[str, Avoided | None]]] = {}
        for phrase, avoided in sorted(wanted, key=lambda pair: -len(pair[0])):
            if first := _WORD.search(phrase):
                pattern = rf"[\s{GONE}]+".join(_ALIKE.sub(_either, re.escape(word)) for word in phrase.split())
                self.phrases.setdefault(first[0].casefold(), []).append((rf"{pattern}(?!\w)", avoided))
        self.found = functools.cache(self._found)

    def _found(self, text: str) -> tuple[tuple[int, str, Avoided], ...]:
        """Return where such words stand in `text`, as they are typed there; of two at one place, only the longer."""
        found: list[tuple[int, str, Avoided]] = []
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for pattern, avoided in self.phrases.get(word[0].casefold(), ()):
                if match := _compiled(pattern).match(text, word.start()):
                    end = match.end()
                    if avoided:
                        found.append((match.start(), " ".join(match[0].replace(GONE, " ").split()), avoided))
                    break
        return tuple(found)


def _either(found: re.Match[str]) -> str:
    """Return the pattern of the ways in which a character is typed that has more than one."""
    return "(?:ß|ss)" if found[0] == "ß" else "['’]"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_finders: list[tuple[Words, _Finder]] = []


def _finder(words: Words) -> _Finder:
    """Return the finder of this very list; comparing long lists would take longer than making it."""
    if not _finders or _finders[0][0] is not words:
        _finders[:] = [(words, _Finder(words))]
    return _finders[0][1]


def _doubled(said: Passage) -> Iterator[Slip]:
    for block in blocks(said.shown):
        for found in _SPACES.finditer(block.shown) if block.kind != "cell" else ():
            yield Slip(block.start + found.start(), "double-space", "two spaces together", "type one")


def _unstopped(said: Passage) -> Iterator[Slip]:
    for block in blocks(said.shown):
        if block.kind == "paragraph" and any(sentences(block)) and not _STOPPED.search(block.shown):
            offset = block.start + len(block.shown.rstrip()) - 1
            yield Slip(offset, "no-stop", "the text does not end with a stop", "end it with . or ? or :")


def _unstopped_in_page(said: Passage) -> Iterator[Slip]:
    """Yield what `_unstopped` does, but for paragraphs that are one link or begin with a tag."""
    alone = [block for block in blocks(said.shown) if _LINK.fullmatch(_typed(said, block))]
    for slip in _unstopped(said):
        if not any(block.start <= slip.offset < block.start + len(block.shown) for block in alone):
            yield slip


def _typed(said: Passage, block: Block) -> str:
    return said.text[block.start : block.start + len(block.shown)]


def _long(said: Passage) -> Iterator[Slip]:
    for block in blocks(said.shown):
        for sentence in sentences(block):
            count = len(sentence.words)
            quoted = not _WORD.search(said.ours, sentence.start, sentence.start + len(sentence.shown))
            if count > LONGEST and not quoted:
                yield Slip(sentence.start, "long-sentence", f"a sentence of {count} words", f"write at most {LONGEST}; make two of it")
