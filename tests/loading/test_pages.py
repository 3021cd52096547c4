"""Pages may call macros and use no other Jinja; more mistakes are in tests/broken/page.*."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.utils.meta import get_data

from macros.loading.pages import (
    MAX_BYTES,
    Call,
    FrontMatter,
    Page,
    calls,
    character_problems,
    invalid_arguments,
    pages,
    read_front_matter,
    unknown_terms,
)
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import read_project
from tests.conftest import REAL

DESCRIPTION = "description: One sentence that says what it is for."
MACROS = PageMacros.names()
HIDDEN = "# Values\n\n{{ edition.__globals__ }} <b onclick='x()'>x</b>\n"


def page_of(text: str) -> Page:
    return Page("content/x.md", None, text, 5)


def calls_in(text: str) -> list[Call | Problem]:
    return list(calls(page_of(text), MACROS))


def problem_in(text: str) -> Problem:
    (problem,) = calls_in(text)
    assert isinstance(problem, Problem)
    return problem


def read(folder: Path, text: str) -> tuple[Page | None, list[str]]:
    """Return the page with this text, and the names of its problems."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content/a.md").write_text(text)
    ((page, problems),) = pages(folder)
    return page, [problem.name for problem in problems]


def test_calls_are_read_with_their_arguments_and_lines() -> None:
    assert calls_in('one\n\n{{ stage_guide("1-plan") }}\n{{ link(record="trust", words="the *word*") }} {{ values() }}') == [
        Call("stage_guide", {"stage": "1-plan"}, 3),
        Call("link", {"record": "trust", "words": "the *word*"}, 4),
        Call("values", {}, 4),
    ]
    assert calls_in("A { brace } and 100 %, and # no comment.") == []


def test_problems_count_lines_from_the_start_of_the_file() -> None:
    problem = problem_in("one\n{{ values }}")
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
    assert Page("content/a.md", None, text, 1).title == "First"
    assert Page("content/a.md", None, "## No\n", 1).title == "a/"


def test_a_character_that_cannot_be_printed_is_reported_at_its_place() -> None:
    assert [(p.line, p.column) for p in character_problems(page_of("\N{SNOWMAN}\n\nab\N{SNOWMAN}"))] == [(5, 1), (7, 3)]


def test_an_argument_must_name_a_record(small: Framework) -> None:
    def messages(stage: str) -> list[str]:
        return [p.message for p in invalid_arguments(page_of(""), Call("stage_guide", {"stage": stage}, 1), MACROS["stage_guide"], small)]

    assert messages("2-by") == ['stage_guide: there is no stage "2-by"; did you mean "2-buy"?']
    assert messages("2-buy") == []


def test_a_term_must_exist_and_have_words_if_it_has_a_bar(small: Framework) -> None:
    def messages(text: str) -> list[tuple[int, int, str]]:
        return [(p.line, p.column, p.message) for p in unknown_terms(page_of(text), small)]

    assert messages("[[outcome]] and [[output|outputs]]") == []
    assert messages("One\nan [[outcom|x]]") == [(6, 4, 'there is no term "outcom"; did you mean "outcome"?')]
    assert messages("[[outcome|]]") == [(5, 1, "[[outcome|]] cannot be read; write [[outcome]] or [[outcome|words]]")]
    assert messages("`[[a]]` ``[[b]] ` `` <code>[[c]]</code> <!-- [[d]]\n[[e]] --> \\[[f]]\n\n```\n[[g]]\n```\n") == []
    assert [line for line, _, _ in messages("Text\n    [[a]]\n\n- item\n\n    [[b]]\n\n` [[c]]\n\n`")] == [6, 10, 12]


@pytest.mark.parametrize("words", ["[x](javascript:y)", "<b>", "{: onclick=x }", "`a`", "a\\\\b", "\\x5bx](y)", "{{ x }}", "a\\nb"])
def test_arguments_have_no_markdown_and_no_html(words: str) -> None:
    assert "Markdown, HTML or brackets in its arguments" in problem_in(f'{{{{ link("1a", words="{words}") }}}}').message


@pytest.mark.parametrize(
    "text",
    ["---\n{}\n", "---\n{}\n...\n", "---\n{}\n ---\n", "---\n{}\n----\n", " ---\n{}\n---\n", "\n---\n{}\n---\n", "---\n{}\n...\n---\n"],
)
def test_front_matter_is_between_two_lines_of_three_hyphens(tmp_path: Path, text: str) -> None:
    page, problems = read(tmp_path, text.format(DESCRIPTION))
    assert page is not None
    assert (page.meta, page.text, problems) == (None, text.format(DESCRIPTION), ["no-front-matter"])
    page, problems = read(tmp_path, f"--- \n{DESCRIPTION}\n---  \nText\n")
    assert page is not None
    assert (page.text, page.first, problems) == ("Text\n", 4, [])


def test_the_size_of_a_page_is_limited(tmp_path: Path) -> None:
    assert read(tmp_path, "\x00") == (None, ["control-character"])
    assert read(tmp_path, "\n" * (MAX_BYTES + 1)) == (None, ["too-large"])
    assert read(tmp_path, "\n" * MAX_BYTES)[1] == ["no-front-matter"]


def front_matter_problems(*lines: str) -> list[tuple[int, str]]:
    return [(p.line, p.name) for p in read_front_matter(lines, "content/a.md")[1]]


def test_valid_front_matter_is_read() -> None:
    meta, found, _ = read_front_matter((DESCRIPTION, 'title: "2026"', "search: [year]"), "content/a.md")
    assert found == []
    assert meta is not None
    assert (meta.title, meta.search) == ("2026", ("year",))


@pytest.mark.parametrize("line", ["render_macros: true", "hide: [toc]", "template: evil.html", "extra: {}", "tags: [x]"])
def test_settings_of_the_engine_and_the_theme_are_refused(line: str) -> None:
    assert front_matter_problems(DESCRIPTION, line) == [(3, "unknown-key")]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!ENV HOME"])
def test_tags_are_refused(tag: str) -> None:
    assert (3, "yaml-mark") in front_matter_problems(DESCRIPTION, f"title: {tag}")


@pytest.mark.parametrize("value", ["=", "2026-99-99", "2026-11-26", "1.10", "yes", "0x1F", "12:30"])
def test_text_that_the_engine_would_read_as_a_number_or_a_day_needs_quotes(value: str) -> None:
    assert front_matter_problems(DESCRIPTION, f"title: {value}") == [(3, "wrong-type")]
    assert front_matter_problems(DESCRIPTION, f'title: "{value}"') == []


@pytest.mark.parametrize("value", ["'{{ edition() }}'", "'<script>alert(1)</script>'", "|-\n  a <b>"])
def test_macros_and_html_are_refused(value: str) -> None:
    assert (3, "jinja") in front_matter_problems(DESCRIPTION, *f"title: {value}".split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{DESCRIPTION}\n...\n{HIDDEN}---\nx\n",
        f"---\n{DESCRIPTION}\n---\u00a0\n# {HIDDEN}---\nx\n",
        f"---\u00a0\n{DESCRIPTION}\n---\n{HIDDEN}",
        f"---\n{DESCRIPTION}\n----\n{HIDDEN}---\nx\n",
        f"----\n{DESCRIPTION}\n---\n{HIDDEN}",
        f" ---\n{DESCRIPTION}\n---\n{HIDDEN}",
        f"---\n{DESCRIPTION}\ntitle: =\n---\n{HIDDEN}",
        f"{DESCRIPTION}\n\n{HIDDEN}",
    ],
)
def test_nothing_hides_between_two_readings_of_where_front_matter_ends(project: Path, text: str) -> None:
    (project / "content/values.md").write_text(text)
    assert {p.path for p in read_project(project).errors} >= {"content/values.md"}


def test_mkdocs_reads_the_same_front_matter_and_descriptions_differ() -> None:
    descriptions = []
    for page, found in pages(REAL):
        assert page is not None
        assert page.meta is not None
        assert found == []
        text, meta = get_data((REAL / page.path).read_text("utf-8"))
        assert text == page.text.lstrip("\n")
        assert (meta.get("title"), meta["description"]) == (page.meta.title, page.meta.description)
        descriptions.append(page.meta.description)
    assert len(descriptions) == len(set(descriptions)) > 25
