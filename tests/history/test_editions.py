"""Editions are read strictly and show what changed since when; ids stay, and `added:` and `withdrawn:` name the right edition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from macros.history.editions import Editions, edition_list, since, snapshot
from macros.model.framework import Framework
from macros.model.output import Output
from macros.model.problem import Problem
from macros.model.public_view import PUBLISHED, as_json
from macros.model.records import Recommendation
from macros.outputs.open_data import open_data
from macros.outputs.pdf.guides import Guides
from macros.rendering.page_macros import PageMacros
from macros.site_build.artifacts import feed
from macros.site_build.project import Project, read_project
from tests.history.test_git import put

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
    assert project.framework is not None, project.problems
    return project, project.framework


def keep(root: Path, then: str = "") -> Path:
    """Write the edition file for the project `root` as it is now, and return it; go on to the edition `then`, if given."""
    project, framework = read(root)
    made = snapshot(framework, project.revision)
    file = root / made.path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(made.content)
    if then:
        next_edition(root, then, f"{then}-03")
    return file


def next_edition(root: Path, edition: str, day: str) -> None:
    """Write `edition` of `day` into data/site.yml."""
    file = root / "data/site.yml"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("edition")]
    file.write_text("\n".join([*lines, f"edition: {edition}", f"edition_date: {day}"]) + "\n", "utf-8")


def rename(root: Path, folder: str, old: str, new: str) -> None:
    """Give the record `old` of `folder` the id `new`, and name it so in all records and pages."""
    file = root / f"data/{folder}/{old}.yml"
    file.rename(file.with_name(f"{new}.yml"))
    for other in (*root.glob("data/*/*.yml"), *root.glob("content/**/*.md")):
        text = other.read_text("utf-8")
        named = re.sub(
            rf'(\[\[|(?:terms|recommendations|instead|see): \[(?:\w+, )?|term: |term/|\]\(|\("){old}(?=[],|)\n"])', rf"\g<1>{new}", text
        )
        other.write_text(named, "utf-8")
    with file.with_name(f"{new}.yml").open("a", encoding="utf-8") as stream:
        stream.write(f"formerly: [{old}]\n")


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project, whose edition 2026-11 is kept, on its way to 2027-05."""
    keep(project, "2027-05")
    return project


def test_a_snapshot_has_every_published_record_without_unpublished_fields(real: Framework) -> None:
    found = json.loads(snapshot(real, "0123abcd").content)
    edition, day = real.site.edition, real.site.edition_date.isoformat()
    assert (found["edition"], found["day"], found["tag"], found["revision"]) == (edition, day, f"edition-{edition}", "0123abcd")
    assert len(found["records"]) == sum(len(kind.records(real)) for kind in PUBLISHED)
    assert not any({"search", "id"} & set(data) or None in data.values() for data in found["records"].values())
    for record in real.all(Recommendation):
        one = found["records"][f"recommendation/{record.id}"]
        assert (one["name"], one["title"], one["do"][0]["step"]) == (record.name, record.title, record.do[0].step)
    again = Framework(dict(reversed(list(real.records.items()))), real.documents)
    assert snapshot(real, "0123abcd").content == snapshot(again, "0123abcd").content, "the order of records makes no difference"


def test_a_kept_edition_is_read_again_and_does_not_change_the_revision(project: Path) -> None:
    before = read_project(project).revision
    file = keep(project)
    content = file.read_bytes()
    file.write_bytes(content.replace(b"\n", b"\r\n"))
    found = read_project(project)
    assert found.problems == ()
    assert [one.content for one in found.snapshots] == [content]
    assert found.revision == before


def rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        data = json.loads(file.read_text("utf-8"))
        change(data)
        file.write_bytes(as_json(data))

    return spoil


WRITTEN = "changed since make release wrote it; restore it from Git; only make release writes here"
OTHER = "not an edition file; delete it; "


@pytest.mark.parametrize(
    ("spoil", "name", "message"),
    [
        (lambda file: file.rename(file.with_name("2026-12.json")), "2026-12.json", WRITTEN),
        (lambda file: file.rename(file.with_suffix(".yml")), "2026-11.yml", OTHER),
        (lambda file: (file.parent / "old.json").mkdir(), "old.json", OTHER),
        (lambda file: file.write_bytes(file.read_bytes()[:3000]), "2026-11.json", WRITTEN),
        (lambda file: file.write_text("[" * 100_000), "2026-11.json", WRITTEN),
        (lambda file: file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes()), "2026-11.json", "a mark left by a merge; "),
        (rewritten(lambda data: data.pop("day")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(note="x")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(edition="2026-10")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data.update(tag="v1")), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"term/x": 1})), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"value/zz": {}})), "2026-11.json", WRITTEN),
        (rewritten(lambda data: data["records"].update({"value/zz": {"name": "x", "formerly": 5}})), "2026-11.json", WRITTEN),
    ],
)
def test_a_changed_file_is_a_problem(project: Path, spoil: Callable[[Path], object], name: str, message: str) -> None:
    spoil(keep(project))
    (problem,) = read_project(project).errors
    assert problem.path == f"data/editions/{name}"
    assert problem.message.startswith(message)


def test_editions_are_in_order(project: Path) -> None:
    keep(project)
    next_edition(project, "2027-05", "2026-11-21")
    keep(project)
    (problem,) = read_project(project).errors
    assert problem.path == "data/editions/2027-05.json"
    assert problem.message.startswith("day: released on 2026-11-21, before edition 2026-11 (2026-11-22)")


def test_the_site_cannot_name_an_older_edition_than_the_last(project: Path) -> None:
    keep(project)
    next_edition(project, "2026-10", "2026-11-22")
    (problem,) = read_project(project).errors
    assert (problem.path, problem.field) == ("data/site.yml", "edition")
    assert problem.message == "edition: edition 2026-11 is already released; write 2026-11, or the next edition"
    next_edition(project, "2026-12", "2026-11-21")
    problems = [p.message for p in read_project(project).errors]
    assert "edition_date: before edition 2026-11; write 2026-11-22 or later" in problems


def standing(root: Path) -> dict[str, str]:
    """Return since which edition each recommendation has read so."""
    project, framework = read(root)
    return {r.id: since(framework, project.editions)[r.kind, r.id] for r in framework.all(Recommendation)}


def differences(root: Path) -> list[tuple[str, str, list[str]]]:
    """Return the status, key and fields of each record that differs from the last edition."""
    project, framework = read(root)
    found = [change for change, _ in edition_list(framework, project.editions)[0].changes]
    return [(one.status, "/".join(one.key), list(dict.fromkeys(str(c.loc[0]) for c in one.changes))) for one in found]


def page(root: Path) -> lxml.html.HtmlElement:
    """Return what the macro of the page shows."""
    project, framework = read(root)
    paths = ["downloads/framework.pdf", "api/v1/framework.json", *(one.data for one in project.snapshots)]
    downloads = {path: Output(path, b"x" * 4000, 9 * path.endswith("pdf")) for path in paths}
    markdown = PageMacros(framework, lambda: "about/editions/", downloads=downloads, editions=project.editions).editions()
    return lxml.html.fragment_fromstring(re.sub(r"^## (.*?) \{: #(.*?) \}$", r'<h2 id="\2">\1</h2>', markdown, flags=re.MULTILINE), "div")


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_without_a_release_every_record_is_of_the_current_edition(small_project: Project, small: Framework) -> None:
    assert set(since(small, Editions()).values()) == {"2026-11"}
    (entry,) = edition_list(small, small_project.editions)
    assert (entry.before, entry.changes, entry.released, entry.here) == (None, (), False, True)


def test_a_changed_record_is_of_the_next_edition(kept: Path) -> None:
    assert set(standing(kept).values()) == {"2026-11"}
    put(kept, ONE, "a school gate.", "a garden gate.")
    assert {record: edition for record, edition in standing(kept).items() if edition != "2026-11"} == {"1a": "2027-05"}
    keep(kept, "2027-11")
    put(kept, TWO, "title: ", "title: Now ")
    assert {record: edition for record, edition in standing(kept).items() if edition != "2026-11"} == {"1a": "2027-05", "1b": "2027-11"}
    put(kept, ONE, "a garden gate.", "a school gate.")
    assert standing(kept)["1a"] == "2027-11", "restored text counts from its return"


def test_line_breaks_comments_and_search_terms_are_no_change(kept: Path) -> None:
    put(kept, ONE, "who like surveys.\n  A visit", "who like surveys. A visit")
    put(kept, ONE, "stage: 1-find-out", "# Looked at.\nstage: 1-find-out")
    put(kept, ONE, "  - consultation", "  - participation")
    put(kept, OUTCOME, "term: Outcome", "term: Outcome for people")
    assert standing(kept)["1a"] == "2026-11"
    assert differences(kept) == [("changed", "term/outcome", ["term"])]


def test_a_record_and_its_references_are_followed_to_its_new_id(kept: Path) -> None:
    rename(kept, "glossary", "outcome", "result")
    project, framework = read(kept)
    assert "[[result|outcomes]]" in (kept / TWO).read_text("utf-8")
    assert since(framework, project.editions)["term", "result"] == "2026-11"
    assert set(standing(kept).values()) == {"2026-11"}
    assert differences(kept) == [("renamed", "term/result", [])]
    put(kept, "data/glossary/result.yml", "meaning: |-\n", "meaning: |-\n  Put otherwise.\n")
    project, framework = read(kept)
    assert since(framework, project.editions)["term", "result"] == "2027-05"
    assert differences(kept) == [("renamed", "term/result", ["meaning"])]


def test_a_merged_record_is_listed_with_its_successor(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    keep(kept, "2027-11")
    (kept / "data/glossary/extra.yml").unlink()
    assert differences(kept) == [("removed", "term/extra", ["term", "meaning", "example", "points"])]
    put(kept, OUTCOME, "term: Outcome\n", "formerly: [extra]\nterm: Outcome\n")
    assert "term/extra Extra, now term/outcome" in [words(item) for item in page(kept).xpath(".//dl//li")]


def test_the_page_says_whether_the_text_is_released(project: Path) -> None:
    shown = page(project)
    assert [(h.get("id"), h.text) for h in shown.findall(".//h2")] == [("not-released", "Edition 2026-11, not yet released")]
    assert "Edition 2026-11 has not been released yet. This is its text so far." in words(shown)
    assert "There is no earlier edition to compare this one with." in words(shown)
    keep(project)
    shown = page(project)
    assert [(h.get("id"), h.text) for h in shown.findall(".//h2")] == [("edition-2026-11", "Edition 2026-11")]
    assert "Released on 22 November 2026, tag edition-2026-11, revision " in words(shown)
    assert shown.xpath(".//a/@href") == ["../../downloads/framework.pdf", "../../api/v1/editions/2026-11.json"]
    put(project, "content/values.md", "# ", "# Our ")
    shown = page(project)
    assert [h.text for h in shown.findall(".//h2")] == ["Since edition 2026-11", "Edition 2026-11"]
    assert "This site has changed since edition 2026-11 was released." in words(shown)
    assert "No record has changed since edition 2026-11. Only other page text or search words have changed." in words(shown)
    then = "https://git.testshire.gov.uk/council/framework/releases/download/edition-2026-11/framework.pdf"
    assert [link for link in shown.xpath(".//a/@href") if link.endswith(".pdf")] == ["../../downloads/framework.pdf", then]


def test_the_page_lists_and_links_changed_records(kept: Path) -> None:
    put(kept, ONE, "a school gate.", "a garden gate.")
    put(kept, ONE, "title: Go where people already meet", "title: Ask <b>early</b> for ideas")
    rename(kept, "glossary", "outcome", "result")
    shown = page(kept)
    assert [h.text for h in shown.findall(".//h2")] == ["Edition 2027-05, not yet released", "Edition 2026-11"]
    assert [words(item) for item in shown.xpath(".//dl/*")] == [
        "Changed", "recommendation/1a 1a. Ask <b>early</b> for ideas: title, do",
        "New id", "term/result Outcome, was term/outcome",
    ]  # fmt: skip
    assert shown.xpath(".//dd//a/@href") == ["../../1a/", "../../glossary/#result"]
    keep(kept, "2027-11")
    later = page(kept)
    assert [h.text for h in later.findall(".//h2")] == ["Edition 2027-11, not yet released", "Edition 2027-05", "Edition 2026-11"]
    assert "No record has changed since edition 2027-05." in words(later)
    assert [words(item) for item in later.xpath(".//dl/*")] == [words(item) for item in shown.xpath(".//dl/*")]


def test_the_feed_lists_editions_and_what_changed(kept: Path) -> None:
    put(kept, ONE, "a school gate.", "a garden gate.")
    project, framework = read(kept)
    (output,) = feed(framework, project.stamp("https://f.testshire.gov.uk/", "A & B"), project.editions)
    tree = lxml.etree.fromstring(output.content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert tree.xpath("string(a:title)", namespaces=atom) == "A & B: editions"
    titles = tree.xpath("a:entry/a:title/text()", namespaces=atom)
    assert titles == ["A & B, edition 2027-05, not yet released", "A & B, edition 2026-11"]
    assert [e.text for e in tree.xpath("a:entry/a:updated", namespaces=atom)] == ["2027-05-03T00:00:00Z", "2026-11-22T00:00:00Z"]
    changed = lxml.html.fromstring(tree.xpath("string(a:entry[1]/a:content)", namespaces=atom))
    assert "1a. Go where people already meet: reworded or changed" in [words(item) for item in changed.iter("li")]
    assert list(feed(framework, project.stamp("", "A"), project.editions)) == []


def test_a_recommendation_shows_its_edition_on_the_page_and_in_print(kept: Path) -> None:
    put(kept, ONE, "a school gate.", "a garden gate.")
    project, framework = read(kept)
    library = PageMacros(framework, str, editions=project.editions)
    assert 'Last changed in <span class="edition">edition 2027-05</span>.' in library.recommendation("1a")
    assert 'Last changed in <span class="edition">edition 2026-11</span>.' in library.recommendation("3c")
    guide = next(Guides(framework, project.pages, project.stamp("", "Small"), editions=project.editions).all())
    assert [guide.content.count(f'"edition {edition}"') for edition in ("2027-05", "2026-11")] == [1, 3]
    assert "In these words" not in PageMacros(framework, str).recommendation("1a")


def test_a_change_after_the_release_is_in_no_edition_yet(project: Path) -> None:
    keep(project)
    put(project, ONE, "a school gate.", "a garden gate.")
    assert standing(project)["1a"] == ""
    assert standing(project)["1b"] == "2026-11"
    read_, framework = read(project)
    shown = PageMacros(framework, str, editions=read_.editions).recommendation("1a")
    assert 'Changed since <span class="edition">edition 2026-11</span> was released.' in shown


def test_a_kind_or_field_that_the_models_no_longer_have_is_left_out(kept: Path) -> None:
    file = kept / "data/editions/2026-11.json"
    data = json.loads(file.read_text("utf-8"))
    data["records"] |= {"wish/one": {"name": "One wish"}, "value/openness": {**data["records"]["value/openness"], "older": 5}}
    file.write_bytes(as_json({**data, "records": dict(sorted(data["records"].items()))}))
    assert differences(kept) == []


def test_the_open_data_have_each_edition(kept: Path) -> None:
    put(kept, ONE, "a school gate.", "a garden gate.")
    project, framework = read(kept)
    stamp = project.stamp(HOME, "Small")
    files = {o.path: json.loads(o.content) for o in open_data(framework, stamp, project.snapshots) if o.path.endswith(".json")}
    given = files["api/v1/editions/2026-11.json"]
    assert given["stamp"] == {"edition": "2026-11", "date": "2026-11-22", "revision": project.snapshots[0].revision}
    assert given["licence"]["name"] == "CC BY 4.0"
    assert given["records"]["recommendation/1a"]["do"][0]["step"].endswith(" a school gate.")
    assert files["api/v1/index.json"]["editions"] == [
        {**given["stamp"], "tag": "edition-2026-11", "json": f"{HOME}api/v1/editions/2026-11.json"}
    ]


WITHDRAWN = "withdrawn:\n  edition: {}\n  reason: |-\n    Nobody needs it.\n"
ASIDE = "  - id: aside\n    where: Annex\n    point: |-\n      Some asides are useful too.\n"


def problems(root: Path) -> list[Problem]:
    return list(read(root)[0].errors)


def messages(root: Path) -> list[str]:
    return [p.message for p in problems(root)]


def lost(path: str, line: int, record: str, instead: str, edition: str = "2026-11") -> list[str]:
    return [f"{path}:{line}: {record} of edition {edition} is gone, so its address leads nowhere; {instead}"]


@pytest.fixture
def released(project: Path) -> Path:
    """The small project with one more term and point, whose edition 2026-11 is released, on its way to 2027-05."""
    (project / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    put(project, "data/report.yml", "points:\n", f"points:\n{ASIDE}")
    put(project, "data/aims/practical.yml", "points: [", "points: [aside, ")
    keep(project, "2027-05")
    assert problems(project) == []
    return project


def delete_term(root: Path) -> None:
    (root / "data/glossary/extra.yml").unlink()


def delete_term_long_ago(root: Path) -> None:
    delete_term(root)
    keep(root, "2027-11")  # as if it had been released in spite of the problem


def delete_recommendation(root: Path) -> None:
    put(root, "data/recommendations/3c.yml", "  instead: [3b]\n", "")
    text = (root / "data/recommendations/3b.yml").read_text("utf-8")
    (root / "data/recommendations/3b.yml").unlink()
    (root / "data/recommendations/3d.yml").write_text(text.replace("letter: b", "letter: d"), "utf-8")


def delete_point(root: Path) -> None:
    put(root, "data/report.yml", ASIDE, "")
    put(root, "data/aims/practical.yml", "points: [aside, ", "points: [")


def delete_formerly(root: Path) -> None:
    bonus = (root / "data/glossary/extra.yml").rename(root / "data/glossary/bonus.yml")
    bonus.write_text(f"{EXTRA}formerly: [extra]\n", "utf-8")
    keep(root, "2027-11")
    bonus.write_text(f"formerly: [more]\n{EXTRA}", "utf-8")


TERM = "restore data/glossary/extra.yml from Git, or add formerly: [extra] to the term that replaces it"
RECOMMENDATION = TERM.replace("glossary/extra.yml from Git", "recommendations/3b.yml from Git and withdraw it").replace("extra", "3b")
RECOMMENDATION = RECOMMENDATION.replace("term", "recommendation")
POINT = "restore the point aside in data/report.yml from Git, or add formerly: [aside] to the point that replaces it"


@pytest.mark.parametrize(
    ("edit", "expected", "fixed"),
    [
        (delete_term, lost("data/glossary/extra.yml", 1, 'the term "extra"', TERM), ("data/glossary/outcome.yml", "", "extra")),
        (delete_term_long_ago, lost("data/glossary/extra.yml", 1, 'the term "extra"', TERM), ("data/glossary/outcome.yml", "", "extra")),
        (
            delete_recommendation,
            lost("data/recommendations/3b.yml", 1, 'the recommendation "3b"', RECOMMENDATION),
            ("data/recommendations/3d.yml", "", "3b"),
        ),
        (delete_point, lost("data/report.yml", 1, 'the point "aside"', POINT), ("data/report.yml", "  - id: intro\n    ", "aside")),
        (
            delete_formerly,
            lost("data/glossary/bonus.yml", 1, 'formerly: the term "extra"', "write formerly: [more, extra]", "2027-05"),
            ("data/glossary/bonus.yml", "formerly: [more]\n", "extra"),
        ),
    ],
)
def test_an_id_that_is_gone_is_a_problem_until_formerly_names_it(
    released: Path, edit: Callable[[Path], None], expected: list[str], fixed: tuple[str, str, str]
) -> None:
    edit(released)
    assert [f"{p.path}:{p.line}: {p.message}" for p in problems(released) if p.name == "lost-id"] == expected
    path, before, old = fixed
    text = (released / path).read_text("utf-8").replace("formerly: [more]\n", "")
    (released / path).write_text(
        text.replace(before, f"{before}formerly: [{old}]\n    ") if before.endswith(" ") else f"formerly: [{old}]\n{text}", "utf-8"
    )
    assert [p for p in problems(released) if p.name != "added-edition"] == []


def test_old_anchors_of_points_approaches_and_definitions_are_there(project: Path) -> None:
    put(project, "data/report.yml", "  - id: intro\n", "  - id: intro\n    formerly: [start]\n")
    put(project, "data/approaches/new-way.yml", "title: ", "formerly: [newer-way]\ntitle: ")
    put(project, "data/definitions/another-town.yml", "title: ", "formerly: [a-town]\ntitle: ")
    framework = read_project(project).framework
    assert framework is not None
    macros = PageMacros(framework, str)
    assert 'id="approach-newer-way"' in macros.approaches()
    assert 'id="definition-a-town"' in macros.definitions()
    found = lxml.html.fragment_fromstring(macros.coverage(), "div")
    assert found.xpath("//dd[@id='point-intro']/span/@id") == ["point-start"]
    put(project, "data/report.yml", "formerly: [start]", "formerly: [intro]")
    (message,) = [p.message for p in problems(project)]
    assert message.endswith('formerly.1: "intro" is listed twice; delete one of the two')


def test_a_moved_recommendation_of_the_report_needs_no_added(released: Path) -> None:
    rename(released, "recommendations", "3a", "3d")
    put(released, "data/recommendations/3d.yml", "letter: a", "letter: d")
    assert problems(released) == []
    keep(released, "2027-11")
    put(released, "data/recommendations/3d.yml", "formerly: [3a]\n", "")
    assert [p.name for p in problems(released) if p.path != "data/report.yml"] == ["letter-gap", "lost-id"]


def add(root: Path, edition: str | None, letter: str = "d") -> list[str]:
    """Add one more recommendation to stage 3, which says that `edition` added it; return what is wrong."""
    text = (root / "data/recommendations/3b.yml").read_text("utf-8").replace("letter: b", f"letter: {letter}")
    text = re.sub(r"(?<=[a-z\])])([.?])$", rf" {letter}\1", text, flags=re.MULTILINE)  # no sentence of another
    file = root / f"data/recommendations/3{letter}.yml"
    file.write_text(text.replace("added: 2026-11", f"added: {edition}" if edition else "# new"), "utf-8")
    return messages(root)


def wrong_added(edition: str, right: str) -> list[str]:
    return [f"added: {edition} is not the edition that added it; write added: {right}"]


def test_before_the_first_release_added_names_the_edition_of_the_site(project: Path) -> None:
    assert add(project, "2031-07") == wrong_added("2031-07", "2026-11")
    assert add(project, "2026-11") == []
    put(project, "data/approaches/new-way.yml", "added: 2026-11", "added: 2025-01")
    assert messages(project) == wrong_added("2025-01", "2026-11")


def test_added_names_the_next_edition_and_stays_so(released: Path) -> None:
    assert add(released, "2026-11") == wrong_added("2026-11", "2027-05")
    instead = "add the line added: 2027-05; or, if the report has it, give its point in data/report.yml the id 3d"
    assert add(released, None) == [f"the report has no point 3d; {instead}"]
    assert add(released, "2027-05") == []
    keep(released, "2027-11")
    assert add(released, "2027-11") == wrong_added("2027-11", "2027-05")
    add(released, "2027-05")
    rename(released, "recommendations", "3d", "3e")
    put(released, "data/recommendations/3e.yml", "letter: d", "letter: e")
    assert problems(released) == [], "it is the same recommendation under another letter"
    (released / "data/recommendations/3c.yml").unlink()
    put(released, "data/recommendations/3e.yml", "formerly: [3d]", "formerly: [3d, 3c]")
    assert problems(released) == [], "it keeps its own edition when another is merged into it"


def test_the_next_edition_is_the_month_after_unless_it_is_named(released: Path) -> None:
    keep(released)
    assert add(released, "2027-05") == wrong_added("2027-05", "2027-06")
    next_edition(released, "2027-12", "2027-12-01")
    assert add(released, "2027-12") == []
    keep(released)
    assert add(released, "2027-12", "e") == wrong_added("2027-12", "2028-01")


def test_withdrawn_names_the_next_edition_and_stays_so(released: Path) -> None:
    put(released, "data/recommendations/3c.yml", "  instead: [3b]\n", "")
    file = released / "data/recommendations/3b.yml"
    text = file.read_text("utf-8")

    def withdraw(edition: str) -> list[str]:
        file.write_text(text + WITHDRAWN.format(edition), "utf-8")
        return messages(released)

    wrong = "withdrawn.edition: {} is not the edition that withdrew it; write edition: {}"
    assert withdraw("2026-11") == [wrong.format("2026-11", "2027-05")]
    assert withdraw("2027-05") == []
    keep(released, "2027-11")
    assert problems(released) == []
    assert withdraw("2027-11") == [wrong.format("2027-11", "2027-05")]
    file.write_text(text, "utf-8")
    assert problems(released) == [], "it counts again"
    keep(released, "2028-05")
    assert withdraw("2027-05") == [wrong.format("2027-05", "2028-05")]
    assert withdraw("2028-05") == []


def test_an_unreadable_edition_is_the_only_problem(released: Path) -> None:
    (released / "data/glossary/extra.yml").unlink()
    (released / "data/editions/2026-11.json").write_text("{}\n", "utf-8")
    assert {p.path for p in problems(released)} == {"data/editions/2026-11.json"}
