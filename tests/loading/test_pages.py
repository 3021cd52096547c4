"""Pages may call macros and use no other Jinja; more mistakes are in tests/broken/page.*."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.utils.meta import get_data

from macros.loading.pages import MAX_BYTES, Call, FrontMatter, Page, calls, pages, unknown_terms
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.rendering.page_macros import PageMacros
from tests.conftest import REAL

DESCRIPTION = "description: One sentence that says what it is for."
MACROS = PageMacros.names()


def page_of(text: str) -> Page:
    return Page("content/x.md", None, text, 5)


def calls_in(text: str) -> list[Call | Problem]:
    return list(calls(page_of(text), MACROS))


def read(folder: Path, text: str) -> tuple[Page | None, list[tuple[int, str]]]:
    """Return the page with this text, and the lines and names of its problems."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content/a.md").write_text(text)
    ((page, problems),) = pages(folder)
    return page, [(problem.line, problem.name) for problem in problems]


def test_calls_are_read_with_their_arguments_and_lines() -> None:
    assert calls_in('one\n\n{{ stage_guide("1-find-out") }}\n{{ link(record="trust", words="the *word*") }} {{ values() }}') == [
        Call("stage_guide", {"stage": "1-find-out"}, 3),
        Call("link", {"record": "trust", "words": "the *word*"}, 4),
        Call("values", {}, 4),
    ]
    assert calls_in("A { brace } and 100 %, and # no comment.") == []


def test_problems_count_lines_from_the_start_of_the_file() -> None:
    (problem,) = calls_in("one\n{{ values }}")
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line, problem.column) == ("content/x.md", 6, 1)


@pytest.mark.parametrize(
    ("path", "url"),
    [("content/index.md", ""), ("content/law/index.md", "law/"), ("content/law/reindex.md", "law/reindex/"), ("content/a.md", "a/")],
)
def test_a_page_knows_its_address(path: str, url: str) -> None:
    assert Page(path, None, "", 1).url == url


def test_the_title_is_in_the_front_matter_or_the_first_heading_or_is_the_address() -> None:
    text = "## No\n# First \n# Second\n"
    meta = FrontMatter(title="In the front matter", description="One sentence that says what it is for.")
    assert Page("content/a.md", meta, text, 1).title == "In the front matter"
    assert [Page("content/a.md", None, body, 1).title for body in (text, "## No\n")] == ["First", "a/"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[[outcome]] and [[output|outputs]]", []),
        ("One\nan [[outcom|x]]", [(6, 4, 'there is no term "outcom"; did you mean "outcome"?')]),
        ("[[outcome|]]", [(5, 1, "[[outcome|]] cannot be read; write [[outcome]] or [[outcome|words]]")]),
        ("`[[a]]` ``[[b]] ` `` \\[[f]]\n\n```\n[[g]]\n```\n", []),
    ],
)
def test_a_term_must_exist_and_have_words_if_it_has_a_bar(small: Framework, text: str, problems: list[tuple[int, int, str]]) -> None:
    assert [(p.line, p.column, p.message) for p in unknown_terms(page_of(text), small)] == problems


@pytest.mark.parametrize("words", ["[x](javascript:y)", "<b>", "{: onclick=x }", "`a`", "a\\\\b", "\\x5bx](y)", "{{ x }}", "a\\nb"])
def test_arguments_have_no_markdown_and_no_html(words: str) -> None:
    (problem,) = calls_in(f'{{{{ link("1a", words="{words}") }}}}')
    assert isinstance(problem, Problem)
    assert "Markdown, HTML or brackets in its arguments" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        *("---\n{}\n", "---\n{}\n...\n", "---\n{}\n ---\n", "---\n{}\n----\n", " ---\n{}\n---\n", "\n---\n{}\n---\n"),
        *("---\n{}\n...\n---\n", "---\n{}\n---\u00a0\n", "---\u00a0\n{}\n---\n", "----\n{}\n---\n", "{}\n"),
    ],
)
def test_front_matter_is_between_two_lines_of_three_hyphens(tmp_path: Path, text: str) -> None:
    page, problems = read(tmp_path, text.format(DESCRIPTION))
    assert page is not None
    assert (page.meta, page.text, problems) == (None, text.format(DESCRIPTION), [(1, "no-front-matter")])


def test_front_matter_is_read(tmp_path: Path) -> None:
    page, problems = read(tmp_path, f'--- \n{DESCRIPTION}\ntitle: "2026"\nsearch: [year]\n---  \nText\n')
    assert problems == []
    assert page is not None
    assert page.meta is not None
    assert (page.meta.title, page.meta.search, page.text, page.first) == ("2026", ("year",), "Text\n", 6)


def test_the_size_of_a_page_is_limited(tmp_path: Path) -> None:
    assert read(tmp_path, "\n" * (MAX_BYTES + 1)) == (None, [(1, "too-large")])
    assert read(tmp_path, "\n" * MAX_BYTES)[1] == [(1, "no-front-matter")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        *((line, "unknown-key") for line in ("render_macros: true", "hide: [toc]", "template: evil.html", "extra: {}", "tags: [x]")),
        *((f"title: {tag}", "yaml-mark") for tag in ("!!python/object/apply:os.system [id]", "!ENV HOME")),
        *((f"title: {value}", "wrong-type") for value in ("=", "2026-99-99", "2026-11-26", "1.10", "yes", "0x1F", "12:30")),
        *((f"title: {value}", "jinja") for value in ("'{{ edition() }}'", "'<script>alert(1)</script>'", "|-\n  a <b>")),
    ],
)
def test_front_matter_has_plain_text_and_no_settings(tmp_path: Path, line: str, problem: str) -> None:
    assert (3, problem) in read(tmp_path, f"---\n{DESCRIPTION}\n{line}\n---\n")[1]


def test_mkdocs_reads_the_same_front_matter_and_descriptions_differ() -> None:
    descriptions = []
    for page, problems in pages(REAL):
        assert page is not None
        assert page.meta is not None
        assert problems == []
        text, meta = get_data((REAL / page.path).read_text("utf-8"))
        assert text == page.text.lstrip("\n")
        assert (meta.get("title"), meta["description"]) == (page.meta.title, page.meta.description)
        descriptions.append(page.meta.description)
    assert len(descriptions) == len(set(descriptions)) > 25
