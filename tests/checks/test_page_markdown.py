"""A page is refused where GitHub's preview and the site would show different things, and where the site would show marks as typed."""

from __future__ import annotations

import pytest

from macros.checks.pages import page_problems
from macros.loading.pages import Page
from macros.site_build.project import Project

LIST = "put an empty line before the list"
INNER = "indent an inner list by four spaces"
TABLE = "put an empty line before and after the table"
MARKS = "write *word*, **word**, `code` and [words](address)"


def found(text: str) -> list[tuple[int, str, str]]:
    """Return line, what is wrong and what to write instead, for a page that holds `text`."""
    return [(p.line, p.wrong, p.instead) for p in page_problems(Page("content/x.md", None, text, 1))]


@pytest.mark.parametrize(
    ("text", "line", "instead"),
    [
        ("Before you add an item:\n- name its reader.", 2, LIST),
        ("Before you add an item:\n* name its reader.\n* and its use.", 2, LIST),
        ("Steps:\n1. One.\n2. Two.", 2, LIST),
        ("1) One.\n2) Two.", 1, LIST),
        ("- One.\n\nMore.\n- Two.", 4, LIST),
        ("- One.\n\n  More of it.", 3, LIST),
        ("- One.\n  - Inner.", 2, INNER),
        ("- One.\n   - Inner.", 2, INNER),
        ("1. One.\n   - Inner.", 2, INNER),
        ("Words.\n| a | b |\n| - | - |\n| 1 | 2 |", 2, TABLE),
        ("One.\n\n#Two", 3, "put a space after #"),
        ("One.\nTwo\\\nthree.", 2, MARKS),
        ('One \\"two\\" \\& three.', 1, MARKS),
    ],
)
def test_markdown_that_github_shows_differently_is_a_problem_at_its_line(text: str, line: int, instead: str) -> None:
    ((at, wrong, advice),) = found(text)
    assert (at, wrong) == (line, "GitHub's preview shows this differently from the site")
    assert advice.startswith(instead)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("See [the page][1].", 1, "a link without an address"),
        ("One.\nSee the note[^1].", 2, "footnotes do not work here"),
        ("See the note[^1].\n\n[^1]: The note.", 1, "footnotes do not work here"),
        ("It is ~~not~~ this.", 1, "strikethrough does not work here"),
        ("!!! note\n    Text.", 1, "note boxes do not work here"),
        ("??? tip\n    Text.", 1, "note boxes do not work here"),
        ("> [!NOTE]\n> Text.", 1, "note boxes do not work here"),
        ("Well done :smile: all.", 1, "emoji codes do not work here"),
        ("- [ ] Do this.", 1, "tick boxes do not work here"),
        ("| a | b |\n| - | - |\n| 1 | 2 | 3 |", 3, "a row of 3 in a table of 2 columns"),
        ("| a | b |\n| - | - |\n| 1 | 2 |\n| 1 |", 4, "a row of 1 in a table of 2 columns"),
        ("| a | b |\n| 1 | 2 |", 1, "a table row without a table"),
        ("3. Three.\n4. Four.", 1, "a list that begins with 3"),
        ("One.\n\nSee www.council.gov.uk/page.", 3, "a bare web address"),
        ("Write to office@council.gov.uk.", 1, "a bare e-mail address"),
        ("A **half mark.", 1, "half a mark of emphasis"),
        ("See [the page] (definition.md).", 1, "a link that cannot be read"),
        ("[TOC]", 1, "[TOC] does not work here"),
    ],
)
def test_markdown_that_would_be_shown_as_typed_is_a_problem_at_its_line(text: str, line: int, wrong: str) -> None:
    problems = found(text)
    assert problems[0][:2] == (line, wrong)
    assert all(instead for _, _, instead in problems)


@pytest.mark.parametrize(
    "text",
    [
        'Before:\n\n- one\n- two\n\n    - inner\n\nAfter {{ point("intro") }}.',
        "1. One.\n\n    More of it.\n\n2. Two.",
        "- One\n  goes on.\n- Two.",
        "## Words {: #words }\n\n[[outcome|Outcomes]], *one* **two** `three` [four](b.md#c) <https://a.example/?b=c&d>.",
        "| a | b |\n|---|:-:|\n| 1 \\| 2 | {{ f() }} |\n| `x` | |",
        "{{ stages() }}\n\n<small>One &amp; two.</small>\n\n<!-- left out -->",
        "> Quoted.\n> Still.\n\n---\n\nsnake_case_word, 2*3, ~5 and ~6, 10:30:20, C++ and C++, H2O, a[1] and [2].",
        "See [the page][1].\n\n[1]: definition.md",
        "One.\n\n```\ncode\n```\n\nTwo.",
        "\\*not a list, \\_nor this.",
    ],
)
def test_markdown_that_both_show_is_fine(text: str) -> None:
    assert found(text) == []


def test_the_real_pages_are_shown_alike(real_project: Project) -> None:
    assert [p.message for page in real_project.pages for p in page_problems(page)] == []
