"""What changes is told whole, in words, within a length, and nothing in it counts as a mark."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from markdown import Markdown

from macros.changes import Change
from macros.comparing import State, compare
from macros.fieldguide import FieldGuide, guide
from macros.fields import Statement
from macros.kinds import KINDS, SINGLES
from macros.project import Project, read_project
from macros.summary import Ends, Form, relation, told, words
from macros.touched import touched

from .test_revision import put

ONE = "data/recommendations/1a.yml"


def tell(before: Project, after: Project, form: Form = "markdown", most: int | None = None) -> str:
    assert before.framework is not None
    assert after.framework is not None, after.problems
    compared = compare(State(before.framework, before.pages), State(after.framework, after.pages))
    return told(compared, touched(before, after), Ends("main", "this folder", before.framework, after.framework), form, most)


def references(fields: tuple[FieldGuide, ...], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for field in fields:
        found += [(*above, field.name)] if field.holds == "reference" else references(field.fields, (*above, field.name))
    return found


def test_every_relation_kind_and_statement_has_its_words() -> None:
    field = guide(KINDS["term"])[0]
    for cls in (*KINDS.values(), *SINGLES.values()):
        assert len(words()["kinds"][cls.kind]) == 2
        for loc in references(guide(cls)):
            come, gone = (relation(Change(field, (*loc, 0), (), None, *pair)) for pair in ((None, "a"), ("a", None)))
            assert come != gone
            assert "{" not in come + gone
            assert "no longer" in gone
    assert set(words()["statements"]) == {statement.value for statement in Statement}


def test_nothing_is_told_in_one_sentence(small_project: Project) -> None:
    assert tell(small_project, small_project).startswith("## What changes for readers\n\nNothing changes for readers.\n")
    assert tell(small_project, small_project, "text").startswith("Nothing changes for readers.\n")


def test_it_begins_with_one_sentence_that_counts(project: Path, small_project: Project) -> None:
    put(project, ONE, "early enough to matter", "early enough to count")
    put(project, "data/recommendations/1b.yml", "do:\n", "do: # steps\n")
    put(project, "data/recommendations/2a.yml", "avoid:\n  - |-\n    ", "avoid:\n  - |-\n    Perhaps ")
    put(project, "data/glossary/output.yml", "example: |-\n  ", "example: |-\n  So to say: ")
    put(project, ONE, "  - when to ask", "  - whom to ask")
    said = tell(small_project, read_project(project), "text")
    first = "2 recommendations and 1 term change; 1 protected field changes. Words that readers are never shown: 1 come, 1 go.\n"
    assert said.startswith(first)
    assert said.index("Recommendation 1a.") < said.index("Recommendation 2a.") < said.index("Term Output")


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone",
        "see #1",
        "](http://x.example) [x](https://x.example)",
        "**x** ~~y~~ `z` a | b",
        "www.x.example",
        "::error::x ##[add-mask]y",
    ],
)
def test_hostile_words_are_shown_as_words(project: Path, small_project: Project, hostile: str) -> None:
    put(project, ONE, "Ask people what they need.", f"Ask {hostile} what they need.")
    put(project, "content/values.md", "# Values", f"# Values <script>{hostile}</script>")
    put(project, "content/values.md", "{{ values() }}", f"{{{{ values() }}}}\n\n{hostile}\n\n<script>alert(1)</script>\n\n- a\n- b")
    after = read_project(project)
    shown = tell(small_project, after)
    root = lxml.html.fragment_fromstring(Markdown(extensions=["tables"]).convert(shown), create_parent="div")
    assert not root.xpath("//a | //script | //img")
    text = "".join(root.xpath(".//text()[not(ancestor::code)]"))  # GitHub finds nobody and no issue in code
    assert hostile.split()[0][:2] in text.replace("\u200b", "")
    assert not re.search(r"@\w|#\d|\w://|www\.", text)
    assert all(len(row) == 3 for row in root.xpath("//tr"))
    plain = tell(small_project, after, "text")
    assert "::" not in plain
    assert "##[" not in plain


def test_a_name_that_is_very_long_is_cut(project: Path, small_project: Project) -> None:
    put(project, "content/values.md", "# Values", "# " + "Values " * 500)
    assert "…" in tell(small_project, read_project(project)).split("\n### Page ")[1].split("\n")[0]


@pytest.mark.parametrize("form", ["markdown", "text"])
@pytest.mark.parametrize("most", [2000, 4000, 9000])
def test_it_is_cut_between_records_and_says_how_many_more_there_are(project: Path, small_project: Project, form: Form, most: int) -> None:
    for file in project.glob("data/recommendations/*.yml"):
        put(project, f"data/recommendations/{file.name}", "do:\n", "# steps\ndo:\n")
        file.write_text(re.sub(r"(?m)^( +step: \|-\n +)(\w)", r"\1Then \2", file.read_text("utf-8")), "utf-8")
    put(project, "data/recommendations/2b.yml", "says: |-\n  ", "says: |-\n  It is said: ")
    after = read_project(project)
    whole, cut = tell(small_project, after, form), tell(small_project, after, form, most)
    assert len(cut) <= most
    assert cut.split("\n")[:3] == whole.split("\n")[:3]
    head = "\n### Recommendation " if form == "markdown" else "\nRecommendation "
    shown = [part[:2] for part in cut.split(head)[1:]]
    assert shown == [part[:2] for part in whole.split(head)[1:]][: len(shown)]
    assert not shown or shown[0] == "2b", "what is protected comes first"
    left = 5 - len(shown)
    assert (f"{left} more " in cut) == bool(left)
    assert whole.count(head) == 5


def test_a_bound_that_is_far_away_changes_nothing(project: Path, small_project: Project) -> None:
    put(project, ONE, "Ask people what they need.", "Ask people what they want.")
    after = read_project(project)
    assert tell(small_project, after, most=60000) == tell(small_project, after)
