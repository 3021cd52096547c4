"""House style: each rule finds its fault at the right place, and nothing else; the reading grade is about right."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.checks.house_style import grade, grades, syllables, wording_problems
from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Avoided, Words
from macros.site_build.project import read_project
from macros.text.segmentation import Sentence
from tests.conftest import cases
from tests.history.test_git import put

LONG = (
    "This sentence says what it has to say in more words than anybody would ever want to read, "
    "and then it goes on to say the same again, as they do."
)
NO_STOP = "the text does not end with a full stop"
AVOID = " is on our list of words to avoid"


def faults(text: str, words: Words) -> list[Problem]:
    return list(wording_problems(Page("content/x.md", None, text, 1), words))


@pytest.fixture(scope="session")
def listed(real: Framework) -> Words:
    return real.get(Words, "words")


@pytest.mark.parametrize(("typed", "instead"), cases("house_style.a_word_to_avoid_is_a_problem_with_what_to_write"))
def test_a_word_to_avoid_is_a_problem_with_what_to_write(listed: Words, typed: str, instead: str) -> None:
    (found,) = faults(f"We {typed} now.", listed)
    assert (found.line, found.severity, found.instead) == (1, "error", instead)


@pytest.mark.parametrize(
    "text",
    [
        *cases("house_style.fine"),
        LONG.replace("ever ", ""),
        f'"{LONG}"',
        f'It says "yes. {LONG} No."',
        f"{LONG.replace('ever ', '')}\n\n- {LONG.replace('ever ', '')}\n- two",
        LONG.replace("read, and", "read. And"),
        LONG.replace("ever", "–").replace("This", "`This`"),
    ],
)
def test_quotations_code_names_and_short_sentences_are_fine(listed: Words, text: str) -> None:
    assert faults(text, listed) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Meet in **order**\nto ask.", ['"in order to"']),
        ("A [robust](1a) and\n_robust_ plan; multi-stakeholder.", ['"robust"', '"robust"', '"stakeholder"']),
        *((text, [NO_STOP]) for text in ("It does not", 'It says "so"', "It ends (here)", "Two [links](a.md) [here](b.md)")),
        ("One\n\nTwo.", [NO_STOP]),
        (LONG.replace("more words than anybody", '"more words than anybody"'), ["a sentence of 31 words"]),
    ],
)
def test_faults_are_found_in_marked_text(listed: Words, text: str, wrong: list[str]) -> None:
    assert [p.wrong.removesuffix(AVOID) for p in faults(text, listed)] == wrong


def test_the_longer_of_two_avoided_phrases_counts() -> None:
    words = Words(id="words", avoid=tuple(Avoided(word=w, use="x") for w in ("going", "going forward", "e.g", "e.g.")))
    assert [p.wrong.removesuffix(AVOID) for p in faults("Going forward, e.g. here.", words)] == ['"Going forward"', '"e.g."']


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("One.  Two.", [(1, 5)]),
        ("One.\n\n- a  b.", [(3, 4)]),
        ("A [link](1a)  more.", [(1, 13)]),
        ("-  An item\n1.  another", []),
        ("A line that breaks  \nhere.", []),
        ("| a  b |   c |", []),
        ("A `x  y` z.", []),
    ],
)
def test_double_spaces_are_found_inside_a_sentence_only(listed: Words, text: str, places: list[tuple[int, int]]) -> None:
    assert [(p.line, p.column) for p in faults(text, listed) if p.name == "double-space"] == places


def test_a_long_sentence_is_a_warning(listed: Words) -> None:
    (found,) = faults(f"Short.\n{LONG}\nShort.", listed)
    assert (found.line, found.column, found.severity, found.name) == (2, 1, "warning", "long-sentence")
    assert found.message == "a sentence of 31 words; split it, or write at most 30"


def problems(project: Path) -> list[tuple[str, int, int, str]]:
    return [(p.path.removeprefix("data/"), p.line, p.column, p.name) for p in read_project(project).problems]


def test_prose_in_a_record_is_checked_by_all_rules_and_a_line_for_words_only(project: Path) -> None:
    put(project, "data/values/openness.yml", "Each side", "Each side trusts.\n  A robust  side")
    put(project, "data/stages/1-find-out.yml", "role: Asks.", 'role: "Asks  for a robust program"')
    assert problems(project) == [
        *(("stages/1-find-out.yml", 11, 11, name) for name in ("american-spelling", "avoided-word")),
        *(("values/openness.yml", 5, column, name) for column, name in ((5, "avoided-word"), (11, "double-space"))),
    ]


def test_quotations_titles_of_others_and_search_terms_are_not_checked_but_our_notes_are(project: Path) -> None:
    for path, old, new in (
        ("data/sources/social-value-act.yml", "Public Services (Social Value) Act 2012", "The robust program"),
        ("data/sources/social-value-act.yml", "legislation.gov.uk\n", "Center for Labor\n"),
        ("data/report.yml", "Testshire Listens", "Robust Report"),
        ("data/report.yml", "in Testshire, beyond the task it is paid for.", f"a  robust program {LONG} e.g.\n  so"),
        ("data/recommendations/1a.yml", "consultation", "robust program"),
        ("data/glossary/outcome.yml", "also: [outcomes]", "also: [robust program]"),
    ):
        put(project, path, old, new)
    assert problems(project) == []
    put(project, "data/sources/social-value-act.yml", "type: law", "note: |-\n  A robust note\ntype: law")
    assert [name for *_, name in problems(project)] == ["avoided-word", "no-stop"]


def test_no_spelling_or_advice_of_the_real_list_is_wrong(listed: Words) -> None:
    american = {avoided.word: avoided.use for avoided in listed.avoid if avoided.american}
    assert len(american) > 400
    assert not set(american) & {"license", "practice", "size", "prize", "judgment", *american.values()}
    for avoided in listed.avoid:
        assert faults(f"{avoided.use.split(';')[0]}.", listed) == [], avoided


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("ask", 1), ("asked", 1), ("wanted", 2), ("makes", 1), ("changes", 2), ("people", 2), ("again", 2),
        ("little", 2), ("quality", 3), ("voluntary", 4), ("commissioner,", 4), ("organisation", 5), ("organisation's", 5),
        ("high-quality", 4), ("2013", 1), ("£619,000", 2), ("–", 1), ("Council", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grades_by_the_formula() -> None:
    sat, ran = Sentence(0, "The cat sat."), Sentence(0, "It ran.")
    assert grade([sat]) == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert grade([sat, ran]) == pytest.approx(0.39 * 2.5 + 11.8 - 15.59)
    assert grade([]) == 0


def test_every_stage_has_a_grade_without_its_withdrawn_recommendations(real: Framework, small: Framework) -> None:
    found = list(grades(real))
    assert [stage for stage, _ in found] == list(real.ids("stage"))
    assert all(2 < value < 12 for _, value in found)
    assert [stage for stage, _ in grades(small)] == list(small.ids("stage"))
    records = {key: record for key, record in small.records.items() if key != ("recommendation", "3c")}
    assert list(grades(Framework(records, small.documents))) == list(grades(small))
