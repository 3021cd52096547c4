"""Pages may call macros and nothing else; the faults themselves are in tests/broken/page.*."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.loading.front_matter import Meta
from macros.loading.pages import LARGEST, MOST_CALLS, Call, Page, calls, misnamed, pages, unknown_terms, unprintable
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.rendering.page_macros import Library
from tests.conftest import REAL


def found(text: str) -> list[Call | Problem]:
    return list(calls(Page("content/x.md", None, text, 5), Library.names()))


def test_calls_are_read_with_their_arguments_and_lines() -> None:
    assert found('one\n\n{{ stage_guide("1-plan") }}\n{{ link(record="trust", words="the *word*") }} {{ values() }}') == [
        Call("stage_guide", {"stage": "1-plan"}, 3),
        Call("link", {"record": "trust", "words": "the *word*"}, 4),
        Call("values", {}, 4),
    ]


def test_problems_count_lines_from_the_top_of_the_file() -> None:
    problem = found("one\n{{ values }}")[0]
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line, problem.column) == ("content/x.md", 6, 1)


def test_pages_without_macros_are_fine() -> None:
    assert found("A { brace } and 100 %, and # no comment.") == []


@pytest.mark.parametrize(
    ("path", "url"),
    [("content/index.md", ""), ("content/law/index.md", "law/"), ("content/law/reindex.md", "law/reindex/"), ("content/a.md", "a/")],
)
def test_a_page_knows_its_address(path: str, url: str) -> None:
    assert Page(path, None, "", 1).url == url


def test_a_page_is_called_by_its_head_or_its_heading_or_its_address() -> None:
    meta = Meta(title="In the head", description="One sentence that says what it is for.")
    text = "## No\n# First \n# Second\n"
    assert Page("content/a.md", meta, text, 1).title == "In the head"
    assert Page("content/a.md", meta.model_copy(update={"title": None}), text, 1).title == "First"
    assert Page("content/a.md", None, "## No\n", 1).title == "a/"


def test_a_character_that_cannot_be_printed_is_named_where_it_stands() -> None:
    found = unprintable(Page("content/x.md", None, "\N{SNOWMAN}\n\nab\N{SNOWMAN}", 5))
    assert [(p.line, p.column) for p in found] == [(5, 1), (7, 3)]


def test_an_id_must_exist(small: Framework) -> None:
    page = Page("content/x.md", None, "", 1)
    macros = Library.names()
    call = Call("stage_guide", {"stage": "2-by"}, 1)
    assert [p.message for p in misnamed(page, call, macros["stage_guide"], small)] == [
        'stage_guide: there is no stage "2-by"; did you mean "2-buy"?'
    ]
    assert list(misnamed(page, Call("stage_guide", {"stage": "2-buy"}, 1), macros["stage_guide"], small)) == []


def test_every_page_of_the_site_can_be_read() -> None:
    read = list(pages(REAL))
    assert len(read) > 25
    assert [p for _, problems in read for p in problems] == []
    assert all(page is not None and page.meta is not None for page, _ in read)


def test_descriptions_differ() -> None:
    said = [page.meta.description for page, _ in pages(REAL) if page and page.meta]
    assert len(said) == len(set(said))


def test_a_page_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    for path in ("content/a.md", "content/a.css", "content/a.txt", "a.md"):
        (tmp_path / path).write_bytes(b"\x00")
    assert [(page, [p.name for p in problems]) for page, problems in pages(tmp_path)] == [(None, ["binary"])]


def test_a_term_must_exist_and_be_written_so_that_it_is_read(small: Framework) -> None:
    def said(text: str) -> list[tuple[int, int, str]]:
        return [(p.line, p.column, p.message) for p in unknown_terms(Page("content/x.md", None, text, 5), small)]

    assert said("[[outcome]] and [[output|outputs]]") == []
    assert said("One\nan [[outcom|x]]") == [(6, 4, 'there is no term "outcom"; did you mean "outcome"?')]
    assert [m.endswith("; write the id of a term, or remove the link") for _, _, m in said(f"[[{'z' * 1_000}]]")] == [True]
    assert said("Text\n\n    [[a]]\n    [[b]]\n\n\t[[c]]\n") == []
    assert said("[[outcome|]]") == [(5, 1, "[[outcome|]] cannot be read; write [[outcome]] or [[outcome|words]]")]
    assert said("`[[a]]` ``[[b]] ` `` <code>[[c]]</code> <!-- [[d]]\n[[e]] --> \\[[f]]\n\n    [[g]]\n\n    [[h]]\n") == []
    assert [line for line, _, _ in said("Text\n    [[a]]\n\n- item\n\n    [[b]]\n\nText\n\n    [[code]]\n\n` [[c]]\n\n`")] == [6, 10, 16]


@pytest.mark.parametrize(
    "words",
    ["[x](javascript:y)", "<b>", "{: onclick=x }", "`a`", "a\\\\b", "\\x5bx](y)", "\\x3cscript>", "{{ x }}", "a\\nb", "[[outcome]]"],
)
def test_words_that_a_page_hands_to_a_macro_hold_no_marks(words: str) -> None:
    (problem,) = found(f'{{{{ link("1a", words="{words}") }}}}')
    assert isinstance(problem, Problem)
    assert "marks between its brackets" in problem.message


def test_braces_without_end_are_a_problem_at_their_line() -> None:
    for bait in ("{{" * 400, "{{ " + "(" * 20_000, "{{ x(" + "[" * 20_000):
        (problem,) = found(f"one\n\n{bait}\n")
        assert isinstance(problem, Problem)
        assert problem.line == 7


@pytest.mark.parametrize(
    "text",
    ["---\n{}\n", "---\n{}\n...\n", "---\n{}\n ---\n", "---\n{}\n----\n", " ---\n{}\n---\n", "\n---\n{}\n---\n", "---\n{}\n...\n---\n"],
)
def test_a_head_stands_between_two_lines_of_three_hyphens(tmp_path: Path, text: str) -> None:
    says = "description: One sentence that says what it is for."
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text(text.format(says))
    ((page, problems),) = pages(tmp_path)
    assert page is not None
    assert (page.meta, page.text, [p.name for p in problems]) == (None, text.format(says), ["no-head"])
    (tmp_path / "content/a.md").write_text(f"--- \n{says}\n---  \nText\n")
    ((page, problems),) = pages(tmp_path)
    assert page is not None
    assert (page.text, page.first, problems) == ("Text\n", 4, [])


def test_a_page_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("\n" * (LARGEST + 1))
    found_there = [(page, [(p.line, p.column, p.name) for p in problems]) for page, problems in pages(tmp_path)]
    assert found_there == [(None, [(1, 1, "too-large")])]
    (tmp_path / "content/a.md").write_text("\n" * LARGEST)
    ((page, problems),) = pages(tmp_path)
    assert page is not None
    assert (page.first, [p.name for p in problems]) == (1, ["no-head"])
    assert "double braces" not in str(found("{{ x() }} " * MOST_CALLS))
    for bait in ("{{ x() }} ", "{{ ", "{% x %}", "{#"):
        (problem,) = found(bait * (MOST_CALLS + 1))
        assert isinstance(problem, Problem)
        assert "double braces" in problem.message
        assert problem.line == 5
