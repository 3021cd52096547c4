"""How hard the stages are to read, as Flesch-Kincaid counts it; reported, never a problem."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pyphen import Pyphen

from macros.model.core import Stage
from macros.model.framework import Framework
from macros.text.segmentation import Sentence, blocks, passage, sentences

_PART = re.compile(r"[^\W_]+")
_SOUND = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$")


def grades(framework: Framework) -> list[tuple[str, float]]:
    """Return each stage's id and the Flesch-Kincaid grade of its prose, with that of its recommendations."""
    return [(stage.id, grade(tuple(_said(framework, stage)))) for stage in framework.all(Stage)]


def grade(said: tuple[Sentence, ...]) -> float:
    """Return the Flesch-Kincaid grade of the sentences `said`: years of school in America, five less than the age."""
    words = [word for sentence in said for word in sentence.words]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@functools.lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Return about how many syllables `word` has.

    Pyphen knows where a word may be hyphenated, which misses syllables of one letter; sounds of vowels miss others.
    """
    return max(1, sum(_in_part(part) for part in _PART.findall(word.casefold().replace("’", "").replace("'", ""))))


def _in_part(part: str) -> int:
    spoken = part if re.search(r"[^aeiouy]le$", part) else _SILENT.sub("", part)
    return max(1, len(_SOUND.findall(spoken)), len(_dictionary().positions(part)) + 1)


@functools.cache
def _dictionary() -> Pyphen:
    return Pyphen(lang="en_GB")


def _said(framework: Framework, stage: Stage) -> Iterator[Sentence]:
    held = {("recommendation", record.id) for record in framework.recommendations(stage) if not record.withdrawn}
    for key, _, text in framework.prose:
        if key in held or key == ("stage", stage.id):
            for block in blocks(passage(text).shown):
                yield from sentences(block)
