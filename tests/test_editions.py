"""Since when a record has read so, and what changed from edition to edition, come from the editions alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest

from macros.editions import Difference, compared, listed, since
from macros.exports import exports
from macros.framework import Framework
from macros.guides import Guides
from macros.library import Library
from macros.model import Recommendation, Term
from macros.output import Output
from macros.project import Project, read_project
from macros.published import as_json
from macros.singles import Words
from macros.touched import touched

from .test_revision import put
from .test_snapshot import keep, next_edition

HOME = "https://framework.testshire.gov.uk/"
ONE, TWO = "data/recommendations/1a.yml", "data/recommendations/1b.yml"
OUTCOME = "data/glossary/outcome.yml"
EXTRA = """term: Extra
meaning: |-
  It is more than was asked for.
example: |-
  A club lends its hall for nothing, and makes the tea as well.
points: [intro]
"""


def read(root: Path) -> tuple[Project, Framework]:
    project = read_project(root)
    assert project.errors == ()
    assert project.framework is not None
    return project, project.framework


def standing(root: Path) -> dict[str, str]:
    """Return since which edition each recommendation has read so."""
    project, framework = read(root)
    return {r.id: since(framework, project.snapshots, r) for r in framework.all(Recommendation)}


def differences(root: Path) -> list[Difference]:
    """Return what the project `root` says otherwise than its last edition."""
    project, framework = read(root)
    return [one._replace(shown=None) for one in listed(framework, project.editions)[0].differences]


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project, whose edition 2026-11 is kept, on its way to 2027-05."""
    keep(project)
    next_edition(project, "2027-05", "2027-05-03")
    return project


def page(root: Path) -> lxml.html.HtmlElement:
    """Return what the macro of the page shows."""
    project, framework = read(root)
    paths = ["downloads/framework.pdf", "api/v1/framework.json", *(one.data for one in project.snapshots)]
    downloads = {path: Output(path, b"x" * 4000, 9 * path.endswith("pdf")) for path in paths}
    markdown = Library(framework, lambda: "about/editions/", downloads=downloads, editions=project.editions).editions()
    return lxml.html.fragment_fromstring(re.sub(r"^## (.*?) \{: #(.*?) \}$", r'<h2 id="\2">\1</h2>', markdown, flags=re.MULTILINE), "div")


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_without_an_edition_all_reads_so_since_the_current_one(small: Framework) -> None:
    assert {since(small, (), r) for r in small.all(Recommendation)} == {"2026-11"}
    assert since(small, (), small.points["intro"]) == since(small, (), small.all(Term)[0]) == "2026-11"


def test_what_the_open_data_do_not_give_has_no_edition(small: Framework) -> None:
    with pytest.raises(KeyError):
        since(small, (), small.get(Words, "words"))


def test_only_what_changed_moves_on(kept: Path) -> None:
    assert set(standing(kept).values()) == {"2026-11"}
    put(kept, ONE, "Ask people what they need.", "Ask people what they want.")
    assert standing(kept) == {"1a": "2027-05", "1b": "2026-11", "2a": "2026-11", "2b": "2026-11", "2c": "2026-11"}
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    put(kept, TWO, "title: ", "title: Now ")
    assert standing(kept) == {"1a": "2027-05", "1b": "2027-11", "2a": "2026-11", "2b": "2026-11", "2c": "2026-11"}


def test_words_that_come_back_count_from_their_return(kept: Path) -> None:
    put(kept, ONE, "Ask people what they need.", "Ask people what they want.")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    put(kept, ONE, "Ask people what they want.", "Ask people what they need.")
    assert standing(kept)["1a"] == "2027-11"


def test_lines_comments_search_words_and_other_records_make_no_other_words(kept: Path) -> None:
    put(kept, ONE, "and what it fails to do.\n  A plan", "and what it fails to do. A plan")
    put(kept, ONE, "stage: 1-plan", "# Looked at.\nstage: 1-plan")
    put(kept, ONE, "  - when to ask", "  - when to enquire")
    put(kept, OUTCOME, "term: Outcome", "term: Outcome for people")
    assert standing(kept)["1a"] == "2026-11"
    assert [(one.name, one.fields) for one in differences(kept)] == [("term/outcome", ("term",))]


def rename(root: Path, folder: str, old: str, new: str) -> None:
    """Give the record `old` of `folder` the id `new`, and name it so in all records and pages."""
    file = root / f"data/{folder}/{old}.yml"
    file.rename(file.with_name(f"{new}.yml"))
    for other in (*root.glob("data/*/*.yml"), *root.glob("content/**/*.md")):
        text = other.read_text("utf-8")
        named = re.sub(rf'(\[\[|terms: \[|instead: \[|see: \[|term: |term/|\]\(|\("){old}(?=[]|)\n"])', rf"\g<1>{new}", text)
        other.write_text(named, "utf-8")
    with file.with_name(f"{new}.yml").open("a", encoding="utf-8") as stream:
        stream.write(f"formerly: [{old}]\n")


def test_a_record_is_followed_to_its_new_id_and_so_is_what_names_it(kept: Path) -> None:
    rename(kept, "glossary", "outcome", "result")
    project, framework = read(kept)
    assert "[[result|outcomes]]" in (kept / ONE).read_text("utf-8")
    assert since(framework, project.snapshots, framework.get(Term, "result")) == "2026-11"
    assert set(standing(kept).values()) == {"2026-11"}
    assert differences(kept) == [Difference("renamed", "term/result", "Outcome", (), "term/outcome")]
    put(kept, "data/glossary/result.yml", "meaning: |-\n", "meaning: |-\n  Put otherwise.\n")
    project, framework = read(kept)
    assert since(framework, project.snapshots, framework.get(Term, "result")) == "2027-05"
    assert differences(kept) == [Difference("renamed", "term/result", "Outcome", ("meaning",), "term/outcome")]


def test_a_recommendation_under_another_letter_says_the_same(kept: Path) -> None:
    rename(kept, "recommendations", "2b", "2d")
    put(kept, "data/recommendations/2d.yml", "letter: b", "letter: d")
    assert standing(kept)["2d"] == standing(kept)["2c"] == "2026-11"
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    assert standing(kept)["2d"] == "2026-11"
    assert differences(kept) == []


def test_what_comes_goes_is_withdrawn_returns_and_merges_is_told_apart(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    put(kept, "data/case-studies/panel.yml", "2a", "2b")
    put(kept, "data/recommendations/2c.yml", (kept / "data/recommendations/2c.yml").read_text("utf-8").partition("withdrawn:")[2], "")
    put(kept, "data/recommendations/2c.yml", "withdrawn:", "")
    with (kept / "data/recommendations/2a.yml").open("a", encoding="utf-8") as stream:
        stream.write("withdrawn:\n  edition: 2027-05\n  reason: |-\n    Nobody needs it.\n")
    found = [one for one in differences(kept) if one.name != "case-study/panel"]
    assert [(one.fate, one.name, one.fields) for one in found] == [
        ("withdrawn", "recommendation/2a", ()),
        ("restored", "recommendation/2c", ()),
        ("added", "term/extra", ()),
    ]
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    (kept / "data/glossary/extra.yml").unlink()
    put(kept, "data/sources/small-law.yml", "publisher: ", "publisher: The ")
    project = read_project(kept)
    assert [problem.name for problem in project.errors] == ["lost-id"]
    assert project.framework is not None
    assert ("removed", "term/extra", "Extra") in [one[:3] for one in listed(project.framework, project.editions)[0].differences]
    put(kept, OUTCOME, "term: Outcome\n", "formerly: [extra]\nterm: Outcome\n")
    assert ("merged", "term/outcome", "term/extra") in [(one.fate, one.name, one.was) for one in differences(kept)]


def test_what_is_here_is_told_from_what_was_released(project: Path) -> None:
    said = page(project)
    assert [(h.get("id"), h.text) for h in said.findall(".//h2")] == [("not-released", "Edition 2026-11, not yet released")]
    assert "Edition 2026-11 has not been released yet: these are its words so far." in words(said)
    assert "There is no earlier edition to compare it with." in words(said)
    keep(project)
    said = page(project)
    assert [(h.get("id"), h.text) for h in said.findall(".//h2")] == [("edition-2026-11", "Edition 2026-11")]
    assert "Released on 22 November 2026, tag edition-2026-11, revision " in words(said)
    assert said.xpath(".//a/@href") == ["../../downloads/framework.pdf", "../../api/v1/editions/2026-11.json"]
    put(project, "content/values.md", "# ", "# Our ")
    said = page(project)
    assert [h.text for h in said.findall(".//h2")] == ["Since edition 2026-11", "Edition 2026-11"]
    assert "The words on this site have changed since edition 2026-11 was released." in words(said)
    assert "No record differs from edition 2026-11. Words around the records, or words that only the search knows, do." in words(said)
    then = "https://git.testshire.gov.uk/council/framework/releases/download/edition-2026-11/framework.pdf"
    assert [link for link in said.xpath(".//a/@href") if link.endswith(".pdf")] == ["../../downloads/framework.pdf", then]


def test_the_page_names_what_changed_and_links_what_is_still_there(kept: Path) -> None:
    put(kept, ONE, "Ask people what they need.", "Ask people what they want.")
    put(kept, ONE, "title: Ask early for ideas", "title: Ask <b>early</b> for ideas")
    rename(kept, "glossary", "outcome", "result")
    said = page(kept)
    assert [h.text for h in said.findall(".//h2")] == ["Edition 2027-05, not yet released", "Edition 2026-11"]
    assert [words(item) for item in said.xpath(".//dl/*")] == [
        "Changed", "recommendation/1a 1a. Ask <b>early</b> for ideas: title, do",
        "Under a new id", "term/result Outcome, was term/outcome",
    ]  # fmt: skip
    assert said.xpath(".//dd//a/@href") == ["../../stages/1-plan/#1a", "../../glossary/#result"]
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    later = page(kept)
    assert [h.text for h in later.findall(".//h2")] == ["Edition 2027-11, not yet released", "Edition 2027-05", "Edition 2026-11"]
    assert "No record differs from edition 2027-05." in words(later)
    assert [words(item) for item in later.xpath(".//dl/*")] == [words(item) for item in said.xpath(".//dl/*")]


def test_a_recommendation_says_since_when_on_the_page_and_in_print_but_not_where_states_are_compared(kept: Path) -> None:
    put(kept, ONE, "Ask people what they need.", "Ask people what they want.")
    project, framework = read(kept)
    library = Library(framework, str, editions=project.editions)
    assert '<p class="tools">In these words since edition 2027-05.</p>' in library.recommendation("1a")
    assert '<p class="tools">In these words since edition 2026-11.</p>' in library.recommendation("2c")
    guide = next(Guides(framework, project.pages, project.stamp("", "Small"), editions=project.editions).all())
    assert guide.content.count("In these words since edition 2027-05.") == guide.content.count("In these words since edition 2026-11.") == 1
    assert "In these words" not in Library(framework, str).recommendation("1a")
    before = read_project(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    found = touched(before, read_project(kept))
    assert found is not None
    assert not any(shown.url.startswith("stages/") for shown in found.pages)
    assert found.guides == ()


def test_what_changed_after_its_release_is_in_no_edition_yet(project: Path) -> None:
    keep(project)
    put(project, ONE, "Ask people what they need.", "Ask people what they want.")
    assert standing(project)["1a"] == ""
    assert standing(project)["1b"] == "2026-11"
    read_, framework = read(project)
    said = Library(framework, str, editions=read_.editions).recommendation("1a")
    assert '<p class="tools">Changed since edition 2026-11 was released.</p>' in said


def test_a_record_and_a_kind_that_are_no_more_are_told_of(kept: Path) -> None:
    file = kept / "data/editions/2026-11.json"
    held = json.loads(file.read_text("utf-8"))
    held["records"]["wish/one"] = {"name": "One wish", "older": {"field": ["x"]}}
    held["records"]["value/trust"]["older"] = 5
    held["records"] = dict(sorted(held["records"].items()))
    file.write_bytes(as_json(held))
    assert differences(kept) == [Difference("changed", "value/trust", "Trust", ("older",)), Difference("removed", "wish/one", "One wish")]


def test_the_open_data_give_each_edition_and_the_index_leads_there(kept: Path) -> None:
    put(kept, ONE, "Ask people what they need.", "Ask people what they want.")
    project, framework = read(kept)
    stamp = project.stamp(HOME, "Small")
    files = {o.path: json.loads(o.content) for o in exports(framework, stamp, project.snapshots) if o.path.endswith(".json")}
    given = files["api/v1/editions/2026-11.json"]
    assert given["stamp"] == {"edition": "2026-11", "date": "2026-11-22", "revision": project.snapshots[0].revision}
    assert given["licence"]["name"] == "CC BY 4.0"
    assert given["records"]["recommendation/1a"]["do"][0]["step"] == "Ask people what they need."
    assert files["api/v1/index.json"]["editions"] == [
        {**given["stamp"], "tag": "edition-2026-11", "json": f"{HOME}api/v1/editions/2026-11.json"}
    ]


def test_nothing_differs_without_an_older_edition(small_project: Project, small: Framework) -> None:
    (entry,) = listed(small, small_project.editions)
    assert (entry.before, entry.differences, entry.released, entry.here) == (None, (), False, True)
    assert compared(small, None, entry.snapshot) == compared(small, entry.snapshot, entry.snapshot) == ()
