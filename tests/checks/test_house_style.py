"""House style: each rule finds its fault at the right place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.checks.house_style import wording_problems
from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Avoided, Words
from macros.site_build.project import read_project
from tests.conftest import REAL
from tests.history.test_revision import put

LONG = (
    "This sentence says what it has to say in more words than anybody would ever want to read, "
    "and then it goes on to say the same again, as they do."
)


def faults(text: str, words: Words) -> list[Problem]:
    return list(wording_problems(Page("content/x.md", None, text, 1), words))


def of(text: str, words: Words) -> list[tuple[str, str]]:
    return [(p.name, p.wrong) for p in faults(text, words)]


@pytest.fixture(scope="session")
def listed(real: Framework) -> Words:
    return real.get(Words, "words")


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("utilise", "instead: use, in the form that fits"),
        ("ROBUST", "instead: strong, or say what it withstands; in a quotation it may stand"),
        ("stakeholders", "instead: name them: the council, providers, people who use the service"),
        ("e.g.", "instead: for example"),
        ("in order to", "instead: to"),
        ("organize", 'write "organise"'),
        ("Organization's", 'write "organisation"'),
        ("centers", 'write "centres"'),
        ("programs", 'write "programmes"'),
        ("re-organized", 'write "organised"'),
    ],
)
def test_a_word_to_avoid_is_a_problem_with_what_to_write(listed: Words, typed: str, instead: str) -> None:
    (found,) = faults(f"We {typed} now.", listed)
    assert (found.line, found.severity, found.instead) == (1, "error", instead)


@pytest.mark.parametrize(
    "word",
    "size prize exercise practice license licensing enrolled judgment metre programming analyses honorary meter check organ".split(),  # noqa: SIM905
)
def test_a_british_spelling_is_fine(listed: Words, word: str) -> None:
    assert of(f"We {word} now.", listed) == []


@pytest.mark.parametrize(
    "text",
    [
        'It asks for "robust" plans.',
        "It asks for “ideas that are robust\nand so organized”.",
        "It runs `utilise` and {{ link('x', 'utilise') }}.",
        "It is at https://www.organization.org/program.",
        "It is [there](https://www.center.org/labor) or [there](color.md).",
        '<span class="center">It</span> is.',
        "## Here {: #program }",
        "Ask the World Health Organization.",
        "Write a computer program.",
        "See [[program]].",
        "It is robustious.",
        "A sub_center_x is.",
    ],
)
def test_quotations_code_addresses_and_names_are_fine(listed: Words, text: str) -> None:
    assert of(text, listed) == []


def test_an_avoided_word_is_found_in_emphasis_and_across_lines(listed: Words) -> None:
    assert of("Meet in **order**\nto ask.", listed) == [("avoided-word", 'avoid "in order to"')]
    assert of("A [robust](1a) and\n_robust_ plan; multi-stakeholder.", listed) == [
        ("avoided-word", 'avoid "robust"'),
        ("avoided-word", 'avoid "robust"'),
        ("avoided-word", 'avoid "stakeholder"'),
    ]


def test_the_longer_of_two_avoided_phrases_counts() -> None:
    words = Words(id="words", avoid=tuple(Avoided(word=w, use="x") for w in ("going", "going forward", "e.g", "e.g.")))
    assert of("Going forward, e.g. here.", words) == [
        ("avoided-word", 'avoid "Going forward"'),
        ("avoided-word", 'avoid "e.g."'),
    ]


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


@pytest.mark.parametrize(
    "text", ["It does not", "It does not;", 'It says "so"', "It ends (here)", "Two [links](a.md) [here](b.md)", "One\n\nTwo."]
)
def test_a_paragraph_without_a_full_stop_is_a_problem(listed: Words, text: str) -> None:
    assert [name for name, _ in of(text, listed)] == ["no-stop"]


@pytest.mark.parametrize(
    "text",
    [
        *("It ends?", "It leads on:", "It says “so.”", "It ends (here.)", "It **ends.**", "It ends with [a link.](1a)"),
        *("It ends. {{ edition() }}", "- an item\n- another", "1. an item", "## A heading", "| a | cell |"),
        *("[A link alone](index.md)", "<div>\nwords\n</div>", "{{ values() }}", ""),
    ],
)
def test_a_full_stop_is_needed_only_after_a_paragraph(listed: Words, text: str) -> None:
    assert of(text, listed) == []


def test_a_long_sentence_is_a_warning(listed: Words) -> None:
    (found,) = faults(f"Short.\n{LONG}\nShort.", listed)
    assert (found.line, found.column, found.severity, found.name) == (2, 1, "warning", "long-sentence")
    assert found.message == "a sentence of 31 words; split it, or write at most 30"


@pytest.mark.parametrize(
    "text",
    [
        LONG.replace("ever ", ""),
        f'"{LONG}"',
        f'It says "yes. {LONG} No."',
        f"- {LONG.replace('ever ', '')}\n- two",
        f"{LONG.replace('ever ', '')}\n\n- {LONG.replace('ever ', '')}",
        LONG.replace("read, and", "read. And"),
        LONG.replace("ever", "–").replace("This", "`This`"),
    ],
)
def test_a_sentence_of_30_words_or_one_quoted_is_fine(listed: Words, text: str) -> None:
    assert of(text, listed) == []


def test_quoted_words_count_in_a_longer_sentence(listed: Words) -> None:
    assert of(LONG.replace("more words than anybody", '"more words than anybody"'), listed) == [("long-sentence", "a sentence of 31 words")]


def problems(project: Path) -> list[tuple[str, int, int, str]]:
    return [(p.path.removeprefix("data/"), p.line, p.column, p.name) for p in read_project(project).problems]


def test_a_fault_in_a_record_is_at_its_line_and_column(project: Path) -> None:
    put(project, "data/values/trust.yml", "Each side", "Each side trusts.\n  A robust  side")
    assert problems(project) == [("values/trust.yml", 5, 5, "avoided-word"), ("values/trust.yml", 5, 11, "double-space")]


def test_titles_and_roles_are_checked_for_words_only(project: Path) -> None:
    put(project, "data/stages/1-plan.yml", "role: Asks.", 'role: "Asks  for a robust program"')
    assert problems(project) == [("stages/1-plan.yml", 11, 11, "american-spelling"), ("stages/1-plan.yml", 11, 11, "avoided-word")]


def test_quotations_titles_of_others_and_search_terms_are_not_checked(project: Path) -> None:
    for path, old, new in (
        ("data/sources/small-law.yml", "The small law", "The robust program"),
        ("data/sources/small-law.yml", "Parliament", "Center for Labor"),
        ("data/report.yml", "Small Report", "Robust Report"),
        ("data/report.yml", "what the test says it is.", f"a  robust program {LONG} e.g.\n  so"),
        ("data/recommendations/1a.yml", "when to ask", "robust program"),
        ("data/glossary/outcome.yml", "also: [outcomes]", "also: [robust program]"),
    ):
        put(project, path, old, new)
    assert problems(project) == []


def test_our_note_on_a_source_is_checked(project: Path) -> None:
    put(project, "data/sources/small-law.yml", "type: law", "note: |-\n  A robust note\ntype: law")
    assert [name for *_, name in problems(project)] == ["avoided-word", "no-stop"]


def test_the_list_can_be_changed(project: Path) -> None:
    put(project, "data/words.yml", "word: robust", "word: believes")
    assert problems(project) == [("values/trust.yml", 4, 13, "avoided-word")]


def test_a_project_needs_the_list(project: Path) -> None:
    (project / "data/words.yml").unlink()
    assert problems(project) == [("words.yml", 1, 1, "missing-file")]


def test_no_spelling_of_the_real_list_is_both_wrong_and_right(listed: Words) -> None:
    american = {avoided.word: avoided.use for avoided in listed.avoid if avoided.american}
    assert len(american) > 400
    assert not set(american) & {"license", "practice", "size", "prize", "judgment", *american.values()}


def test_no_advice_of_the_real_list_breaks_the_rules(listed: Words) -> None:
    for avoided in listed.avoid:
        assert of(f"{avoided.use.split(';')[0]}.", listed) == [], avoided


def test_the_real_text_follows_the_house_style() -> None:
    assert [p for p in read_project(REAL).problems if p.name in {"avoided-word", "american-spelling", "double-space", "no-stop"}] == []
