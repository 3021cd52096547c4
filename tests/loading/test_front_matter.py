"""Front matter ends where every engine thinks that it ends, has no settings, and holds text."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.utils.meta import get_data

from macros.loading.front_matter import head_of
from macros.loading.pages import pages
from macros.site_build.project import read_project
from tests.conftest import REAL

DESCRIPTION = "description: One sentence that says what it is for."
HIDDEN = "# Values\n\n{{ edition.__globals__ }} <b onclick='x()'>x</b>\n"


def problems(*lines: str) -> list[tuple[int, str]]:
    return [(p.line, p.name) for p in head_of(lines, "content/a.md")[1]]


def test_valid_front_matter_is_read() -> None:
    meta, found, _ = head_of((DESCRIPTION, 'title: "2026"', "search: [year]"), "content/a.md")
    assert found == []
    assert meta is not None
    assert (meta.title, meta.search) == ("2026", ("year",))


@pytest.mark.parametrize("line", ["render_macros: true", "hide: [toc]", "template: evil.html", "extra: {}", "tags: [x]"])
def test_settings_of_the_engine_and_the_theme_are_refused(line: str) -> None:
    assert problems(DESCRIPTION, line) == [(3, "unknown-key")]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!ENV HOME"])
def test_tags_are_refused(tag: str) -> None:
    assert (3, "tag") in problems(DESCRIPTION, f"title: {tag}")


@pytest.mark.parametrize("value", ["=", "2026-99-99", "2026-11-26", "1.10", "yes", "0x1F", "12:30"])
def test_text_that_the_engine_would_read_as_a_number_or_a_day_needs_quotes(value: str) -> None:
    assert problems(DESCRIPTION, f"title: {value}") == [(3, "wrong-type")]
    assert problems(DESCRIPTION, f'title: "{value}"') == []


@pytest.mark.parametrize("value", ["'{{ edition() }}'", "'<script>alert(1)</script>'", "|-\n  a <b>"])
def test_macros_and_html_are_refused(value: str) -> None:
    assert (3, "jinja") in problems(DESCRIPTION, *f"title: {value}".split("\n"))


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


def test_mkdocs_reads_the_same_front_matter() -> None:
    for page, found in pages(REAL):
        assert page is not None
        assert page.meta is not None
        assert found == []
        text, meta = get_data((REAL / page.path).read_text("utf-8"))
        assert text == page.text.lstrip("\n")
        assert (meta.get("title"), meta["description"]) == (page.meta.title, page.meta.description)
