"""Rules for how we write: words to avoid, British spelling, single spaces, full stops and short sentences; and the reading age."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence

from macros.loading.pages import Page, problem_at
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Avoided, Stage, Words
from macros.model.types import Ref, Text
from macros.text.segmentation import REMOVED, Passage, Sentence, blocks, passage, sentences

MAX_WORDS = 30  # how many words a sentence may have
# The names of the problems with wording, in records and pages.
WORDING_PROBLEMS = frozenset({"avoided-word", "american-spelling", "double-space", "no-stop", "long-sentence"})
_SEVERITY = {"long-sentence": "warning"}
_WRITTEN_BY_OTHERS = {"search", "also", "quotation", "source.title", "source.publisher", "report.title", "report.author"}
_WRITTEN_BY_OTHERS |= {"report.definition", "words.avoid"}
"""Fields whose text is not ours: search terms, other names, quotations, titles of others, and the list itself."""

_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_STOPPED = re.compile(rf"[.?!:…][)\]\"”’'{REMOVED}\s]*\Z")
_LINK_OR_TAG = re.compile(r"\s*(?:\[[^\[\]]*\]\([^()]*\)|</?[a-zA-Z!].*)\s*", re.DOTALL)
_WORD = re.compile(r"\w+")
_SILENT = re.compile(r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$")

# Finds the words to avoid in a text: where (from 0), as typed, and their entry in the list.
_Find = Callable[[str], tuple[tuple[int, str, Avoided], ...]]
_Fault = tuple[int, str, str, str]  # where in the text (from 0), the problem's name, what is wrong, and what to write instead


def text_follows_the_house_style(framework: Framework) -> Iterator[Problem]:
    """Our text avoids the words listed in data/words.yml; prose has single spaces, full stops and sentences of at most 30 words."""
    find = _finder(framework.get(Words, "words"))
    for key, leaves in framework.leaves.items():
        for leaf in leaves:
            if {str(leaf.loc[0]), f"{key[0]}.{leaf.loc[0]}"} & _WRITTEN_BY_OTHERS or any(isinstance(mark, Ref) for mark in leaf.marks):
                continue
            if Text.PROSE in leaf.marks:
                faults = _faults
            elif Text.LINE in leaf.marks:
                faults = _avoided
            else:
                continue
            for at, name, wrong, instead in faults(passage(leaf.value), find):
                if name == "no-stop" and leaf.loc[0] == "parts":
                    continue  # a template may have a blank, or the beginning of a letter
                yield framework.problem(key, leaf.loc, name, wrong, instead, offset=at, severity=_SEVERITY.get(name, "error"))


def wording_problems(page: Page, words: Words) -> Iterator[Problem]:
    """Yield the problems with the wording of `page`, by the rules for prose in records."""
    for offset, name, wrong, instead in _faults(passage(page.text), _finder(words)):
        yield problem_at(page, offset, name, wrong, instead, severity=_SEVERITY.get(name, "error"))


def _faults(text: Passage, find: _Find) -> Iterator[_Fault]:
    yield from _avoided(text, find)
    for block in blocks(text.shown):
        if block.kind != "cell":
            for spaces in _SPACES.finditer(block.shown):
                yield block.start + spaces.start(), "double-space", "two spaces together", "type one"
        found = sentences(block)
        typed = text.text[block.start : block.start + len(block.shown)]
        if block.kind == "paragraph" and found and not _STOPPED.search(block.shown) and not _LINK_OR_TAG.fullmatch(typed):
            offset = block.start + len(block.shown.rstrip()) - 1
            yield offset, "no-stop", "the text does not end with a full stop", "end it with . or ? or :"
        for sentence in found:
            count = len(sentence.words)
            quoted = not _WORD.search(text.ours, sentence.start, sentence.start + len(sentence.shown))
            if count > MAX_WORDS and not quoted:
                yield sentence.start, "long-sentence", f"a sentence of {count} words", f"split it, or write at most {MAX_WORDS}"


def _avoided(text: Passage, find: _Find) -> Iterator[_Fault]:
    for offset, typed, avoided in find(text.ours):
        if avoided.american:
            yield offset, "american-spelling", f'"{typed}" is an American spelling', f'write "{avoided.use}"'
        else:
            yield offset, "avoided-word", f'"{typed}" is on our list of words to avoid', f"write instead: {avoided.use}"


@functools.lru_cache(maxsize=1)
def _finder(words: Words) -> _Find:
    """Return a function that finds words to avoid in a text, as they are typed; of two matches at one place, the longer one counts."""
    wanted: list[tuple[str, Avoided | None]] = [(avoided.word, avoided) for avoided in words.avoid]
    wanted += [(phrase, None) for avoided in words.avoid for phrase in avoided.but_not]
    patterns: dict[str, list[tuple[str, Avoided | None]]] = {}
    for phrase, avoided in sorted(wanted, key=lambda pair: -len(pair[0])):
        if first := _WORD.search(phrase):
            pattern = rf"[\s{REMOVED}]+".join(re.escape(word) for word in phrase.replace("’", "'").split())
            pattern = pattern.replace("'", "['’]").replace("ß", "(?:ß|ss)")
            patterns.setdefault(first[0].casefold(), []).append((rf"(?i:{pattern})(?!\w)", avoided))

    @functools.lru_cache(maxsize=20_000)
    def find(text: str) -> tuple[tuple[int, str, Avoided], ...]:
        found: list[tuple[int, str, Avoided]] = []
        end = 0
        for word in _WORD.finditer(text):
            for pattern, avoided in patterns.get(word[0].casefold(), ()) if word.start() >= end else ():
                if match := _compiled(pattern).match(text, word.start()):
                    end = match.end()
                    if avoided:
                        found.append((match.start(), " ".join(match[0].replace(REMOVED, " ").split()), avoided))
                    break
        return tuple(found)

    return find


_compiled = functools.cache(re.compile)


def grades(framework: Framework) -> Iterator[tuple[str, float]]:
    """Yield each stage's id and the Flesch-Kincaid grade of its prose, with that of its recommendations."""
    for stage in framework.all(Stage):
        keys = {("stage", stage.id), *(("recommendation", r.id) for r in framework.recommendations(stage) if not r.withdrawn)}
        texts = [text for key, _, text in framework.prose if key in keys]
        yield stage.id, grade([sentence for text in texts for block in blocks(passage(text).shown) for sentence in sentences(block)])


def grade(sentences: Sequence[Sentence]) -> float:
    """Return the Flesch-Kincaid grade of `sentences`: years of school in America, five less than the age."""
    words = [word for sentence in sentences for word in sentence.words]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@functools.cache
def syllables(word: str) -> int:
    """Return about how many syllables `word` has: Pyphen misses syllables of one letter, vowel sounds miss others."""
    from pyphen import Pyphen  # only reading ages need it

    count, hyphenation = 0, Pyphen(lang="en_GB")
    for part in re.findall(r"[^\W_]+", word.casefold().replace("’", "").replace("'", "")):
        spoken = part if re.search(r"[^aeiouy]le$", part) else _SILENT.sub("", part)
        count += max(1, len(re.findall("[aeiouy]+", spoken)), len(hyphenation.positions(part)) + 1)
    return max(1, count)
