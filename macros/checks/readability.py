"""The reading age of each stage; reported, never a problem."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pyphen import Pyphen

from macros.model.framework import Framework
from macros.model.records import Stage
from macros.text.segmentation import Sentence, blocks, passage, sentences

_PART = re.compile(r"[^\W_]+")
_VOWELS = re.compile(r"[aeiouy]+")
_DICTIONARY = Pyphen(lang="en_GB")
_SILENT = re.compile(r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$")


def grades(framework: Framework) -> list[tuple[str, float]]:
    """Return each stage's id and the Flesch-Kincaid grade of its prose, with that of its recommendations."""
    return [(stage.id, grade(tuple(_sentences(framework, stage)))) for stage in framework.all(Stage)]


def grade(sentences: tuple[Sentence, ...]) -> float:
    """Return the Flesch-Kincaid grade of `sentences`: years of school in America, five less than the age."""
    words = [word for sentence in sentences for word in sentence.words]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@functools.cache
def syllables(word: str) -> int:
    """Return about how many syllables `word` has: Pyphen misses syllables of one letter, vowel sounds miss others."""
    count = 0
    for part in _PART.findall(word.casefold().replace("’", "").replace("'", "")):
        spoken = part if re.search(r"[^aeiouy]le$", part) else _SILENT.sub("", part)
        count += max(1, len(_VOWELS.findall(spoken)), len(_DICTIONARY.positions(part)) + 1)
    return max(1, count)


def _sentences(framework: Framework, stage: Stage) -> Iterator[Sentence]:
    keys = {("stage", stage.id), *(("recommendation", r.id) for r in framework.recommendations(stage) if not r.withdrawn)}
    for key, _, text in framework.prose:
        if key in keys:
            for block in blocks(passage(text).shown):
                yield from sentences(block)
