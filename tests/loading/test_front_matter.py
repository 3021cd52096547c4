"""The head of a page ends where everybody thinks that it ends, says only what it may, and holds text."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.utils.meta import get_data

from macros.loading.front_matter import head_of
from macros.loading.pages import pages
from macros.site_build.project import read_project

SAYS = "description: One sentence that says what it is for."


def said(*lines: str) -> list[tuple[str, int, str]]:
    return [(p.name, p.line, p.wrong) for p in head_of(lines, "content/a.md")[1]]


def test_a_good_head_is_read() -> None:
    meta, problems, _ = head_of((SAYS, 'title: "2026"', "search: [year]"), "content/a.md")
    assert problems == []
    assert meta is not None
    assert (meta.title, meta.search) == ("2026", ("year",))


@pytest.mark.parametrize(
    "line",
    [
        "render_macros: true",
        "ignore_macros: true",
        "hide: [toc]",
        "template: evil.html",
        "extra: {}",
        "status: new",
        "icon: x",
        "tags: [x]",
    ],
)
def test_no_switch_of_the_engine_or_the_theme_is_a_key(line: str) -> None:
    ((name, number, wrong),) = said(SAYS, line)
    assert (name, number, wrong) == ("page-head", 3, "not a key of a page's head")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!!python/name:os.system", "!ENV HOME", "!include /etc/passwd"])
def test_a_tag_is_a_problem(tag: str) -> None:
    assert "tag" in {name for name, _, _ in said(SAYS, f"title: {tag}")}


@pytest.mark.parametrize("value", ["=", "2026-99-99", "2026-11-26", "1.10", "yes", "0x1F", "12:30"])
def test_what_others_take_for_a_number_or_a_day_is_no_text(value: str) -> None:
    assert [(name, line) for name, line, _ in said(SAYS, f"title: {value}")] == [("page-head", 3)]
    assert said(SAYS, f'title: "{value}"') == []


@pytest.mark.parametrize("value", ["'{{ edition() }}'", "'<script>alert(1)</script>'", "|-\n  a <b>"])
def test_a_macro_and_a_tag_are_problems(value: str) -> None:
    assert ("jinja", 3) in [(name, line) for name, line, _ in said(SAYS, *f"title: {value}".split("\n"))]


HIDDEN = "# Values\n\n{{ edition.__globals__ }} <b onclick='x()'>x</b>\n"


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{SAYS}\n...\n{HIDDEN}---\nx\n",
        f"---\n{SAYS}\n---\u00a0\n# {HIDDEN}---\nx\n",
        f"---\u00a0\n{SAYS}\n---\n{HIDDEN}",
        f"---\n{SAYS}\n----\n{HIDDEN}---\nx\n",
        f"----\n{SAYS}\n---\n{HIDDEN}",
        f" ---\n{SAYS}\n---\n{HIDDEN}",
        f"---\n{SAYS}\ntitle: =\n---\n{HIDDEN}",
        f"{SAYS}\n\n{HIDDEN}",
    ],
)
def test_nothing_is_hidden_by_two_ideas_of_where_the_head_ends(project: Path, text: str) -> None:
    (project / "content/values.md").write_text(text)
    assert {p.path for p in read_project(project).errors} >= {"content/values.md"}


def test_the_engine_reads_the_same_heads_as_we_do(real_project: object) -> None:
    from tests.conftest import REAL

    for page, problems in pages(REAL):
        assert page is not None
        assert problems == []
        text, meta = get_data((REAL / page.path).read_text("utf-8"))
        assert text == page.text.lstrip("\n")
        assert page.meta is not None
        assert meta.get("title") == page.meta.title
        assert meta["description"] == page.meta.description
    del real_project
