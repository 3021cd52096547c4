"""Pages are checked before a build: HTML, Markdown that GitHub's preview shows differently, titles, anchors and links."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from macros.checks.pages import page_problems
from macros.loading.pages import Page
from macros.site_build.project import read_project
from macros.text.inline_markdown import is_address
from tests.conftest import cases
from tests.history.test_git import put

ATTACKS = cases("pages.attacks")


def found(text: str) -> list[tuple[int, str, str]]:
    """Return line, what is wrong and what to write instead, for a page that holds `text`."""
    return [(p.line, p.wrong, p.instead) for p in page_problems(Page("content/x.md", None, text, 1))]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_a_problem_at_its_line(attack: str) -> None:
    problems = found(f"One\n\n{attack}\n\nlast")
    assert 3 <= problems[0][0] <= 3 + attack.count("\n")
    assert all("ꙮ" not in wrong and instead for _, wrong, instead in problems)


@pytest.mark.parametrize("text", cases("pages.harmless"))
def test_markdown_that_both_show_is_fine(text: str) -> None:
    assert found(text) == []


TAGS = {*"a blockquote br code div em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split()}  # noqa: SIM905
ATTRIBUTES = {"class", "id", "title", "href", "align", "start"}
PIECES = [piece for attack in ATTACKS for piece in attack.replace("\n", " \n ").split(" ") if "{{" not in piece and "- -" not in piece]
PIECES += [*"<>\"'{}`\\[)&;|\n", "<b", 'title="', "{:", "](", "\n\n", "    ", "- ", "> ", "<!--", "-->"]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map(" ".join))
@example("<b title='a\n\n' onclick=x>y</b>")
def test_html_without_a_problem_is_harmless(text: str) -> None:
    text = "".join(c for c in text if c == "\n" or (c.isprintable() and c != "\0"))
    if found(text):
        return
    html = Markdown(extensions=["attr_list", "tables", "toc"]).convert(text)
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iter(lxml.etree.Element):
        assert element.tag in TAGS, text
        assert set(element.attrib) <= ATTRIBUTES, text
        target = element.get("href", "")
        assert ":" not in target.split("/")[0].split("?")[0].split("#")[0] or is_address(target) or "@" in target, text
        assert not target.startswith(("//", "/\\", "\\")), text


@pytest.mark.parametrize(("text", "line", "instead"), cases("pages.markdown_that_github_shows_differently"))
def test_markdown_that_github_shows_differently_is_a_problem_at_its_line(text: str, line: int, instead: str) -> None:
    ((at, wrong, advice),) = found(text)
    assert (at, wrong) == (line, "GitHub's preview shows this differently from the site")
    assert advice.startswith(instead)


@pytest.mark.parametrize(("text", "line", "wrong"), cases("pages.markdown_that_would_be_shown_as_typed_is_a_problem_at_its_line"))
def test_markdown_that_would_be_shown_as_typed_is_a_problem_at_its_line(text: str, line: int, wrong: str) -> None:
    problems = found(text)
    assert problems[0][:2] == (line, wrong)
    assert all(instead for _, _, instead in problems)


def test_unclosed_braces_are_read_in_linear_time() -> None:
    assert found("{{ " * 20_000)[0][1].startswith("a paragraph of more than")


PAGE = "content/values.md"
HEAD = '---\ndescription: "The values of the small framework, for the tests."\n---\n\n'


def problems(project: Path, text: str) -> list[tuple[int, str]]:
    (project / PAGE).write_text(HEAD + text, "utf-8")
    return [(p.line - HEAD.count("\n"), p.message) for p in read_project(project).errors if p.path == PAGE]


@pytest.mark.parametrize(("text", "line", "message"), cases("pages.a_fault_is_a_problem_at_its_line"))
def test_a_fault_is_a_problem_at_its_line(project: Path, text: str, line: int, message: str) -> None:
    ((at, found),) = problems(project, text)
    assert (at, found[: len(message)]) == (line, message)


SITE = "https://framework.example.org"


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[it](glosary.md)", '"glosary.md" leads to no page; did you mean "glossary.md"?'),
        ("[it](glossary.md#outcom)", '"glossary.md#outcom" leads to no anchor of content/glossary.md; did you mean "glossary.md#outcome"?'),
        ("[it](#opennes)", '"#opennes" leads to no anchor of content/values.md; did you mean "#openness"?'),
        ("[it](../glossary/)", '"../glossary/" leads to no page; did you mean "glossary.md"?'),
        (f"[it]({SITE}/glosary/#nope)", f'"{SITE}/glosary/#nope" leads to no page; did you mean "{SITE}/glossary/"?'),
        (f"<{SITE}/glossary/#nope>", f'"{SITE}/glossary/#nope" leads to no anchor of content/glossary.md; delete what follows #'),
        *((link, "") for link in ("[it](glossary.md#outcome)", "[it](#openness)", "[it](values.md#content)", "`[it](glosary.md)`")),
        *((link, "") for link in (f"[it]({SITE}/glossary/#outcome)", f"[it]({SITE}/1a/)", "<https://elsewhere.example.org/glosary/>")),
    ],
)
def test_a_dead_link_is_a_problem_at_its_line(project: Path, link: str, message: str) -> None:
    assert problems(project, f"# Values\n\n{{{{ values() }}}}\n\nSee\n{link}.\n") == ([(6, message)] if message else [])


def test_a_link_in_a_record_to_the_sites_own_address_is_checked(project: Path) -> None:
    put(project, "data/glossary/outcome.yml", "meaning: |-\n", f"meaning: |-\n  https://[a is no link. See [it]({SITE}/glosary/).\n")
    (problem,) = read_project(project).errors
    assert problem.message == f'meaning: "{SITE}/glosary/" leads to no page; did you mean "{SITE}/glossary/"?'


def test_two_pages_with_one_address_are_problems(project: Path) -> None:
    (project / "content/values").mkdir()
    (project / "content/values/index.md").write_text(f"{HEAD}# Words\n\nWords.\n", "utf-8")
    (project / "content/edit.md").write_text(f"{HEAD}# Words\n\nWords.\n", "utf-8")
    assert [(p.path, p.wrong) for p in read_project(project).errors] == [
        ("content/edit.md", "has the address of a page that the build makes"),
        ("content/values.md", "has the address of content/values/index.md"),
    ]
