"""What changes for readers: the commands diff and protected, their reports, release notes, and the pages that are touched."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from markdown import Markdown

from macros.cli import diff as reports
from macros.cli.diff import Entry, Sides, diff_report, relation, release_notes, words
from macros.history.compare import Change, Comparison, PageChange, RecordChange, compare, state_of
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.public_view import PUBLISHED
from macros.model.records import KINDS, SINGLES, Stage
from macros.model.types import Statement
from macros.outputs.pdf.guides import Guides
from macros.site_build.project import Project, read_project
from tests.conftest import cases, svf
from tests.history.test_editions import keep
from tests.history.test_git import put, repository, save

ONE = "data/recommendations/1a.yml"
# Words for reviewers only.
REVIEWERS = ("protected", "steering", "label", "svf", "check", "preview", "agree", "formerly", ".yml", "data/", "reviewer", "```")
WITHDRAWN = "withdrawn:\n  edition: 2027-05\n  reason: |-\n    The county has one list now.\n  instead: [1a]\n"
HOSTILE = [
    "@everyone",
    "see #1",
    "](http://x.example) [x](https://x.example)",
    "**x** ~~y~~ `z` a | b",
    "www.x.example",
    "::error::x ##[m]y",
]


def compared(before: Project, after: Project) -> tuple[Comparison, Sides]:
    assert before.framework is not None
    assert after.framework is not None, after.problems
    comparison = compare(state_of(before.framework, before.pages), state_of(after.framework, after.pages))
    return comparison, Sides("main", "this folder", before.framework, after.framework)


def report(before: Project, after: Project, *, for_github: bool = True) -> str:
    return diff_report(*compared(before, after), for_github=for_github)


def notes(before: Project, root: Path) -> str:
    comparison, sides = compared(before, read_project(root))
    return release_notes(comparison, sides.before, sides.after)


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project, whose edition 2026-11 is kept, on its way to 2027-05."""
    keep(project, "2027-05")
    return project


def references(fields: tuple[FieldDescription, ...], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for field in fields:
        found += [(*above, field.name)] if field.holds == "reference" else references(field.fields, (*above, field.name))
    return found


def test_every_kind_status_statement_and_relation_has_a_phrase() -> None:
    published = {kind.name for kind in PUBLISHED}
    assert set(words()["kinds"]) == published | {"page"}
    assert set(words()["names"]) == published | {"short recommendation", "short audience"}
    assert set(words()["statuses"]) == set(words()["decisions"]) - {"added by us", "changed by us"} == set(words()["verbs"]) - {"reworded"}
    assert set(words()["statements"]) == {statement.value for statement in Statement}
    fields = {f"{kind.name}.{field.name}" for kind in PUBLISHED for field in field_guides(kind.cls)}
    assert {f"{kind}.{gist}" for kind, gist in words()["gist"].items()} <= fields
    fields |= {"page.description", "withdrawn.withdrawn", "restored.withdrawn"}
    assert {name for name in words()["left_out"] if "." in name} <= fields
    assert {".".join(name.removeprefix("added ").split(".")[:2]) for name in words()["labels"]} <= fields
    for cls in (*KINDS.values(), *SINGLES.values()):
        for loc in references(field_guides(cls)):
            come, gone = relation(Change(field_guides(cls)[0], (*loc, 0), None, None, "a"))
            assert "no longer" in gone != come
            assert "{" not in come + gone


def test_a_report_begins_with_a_count_and_protected_changes(project: Path, small_project: Project) -> None:
    assert report(small_project, small_project).startswith("## What changes for readers\n\nNothing changes for readers.\n")
    put(project, "data/recommendations/3a.yml", "be reviewed", "always be reviewed")
    put(project, ONE, "avoid:\n  - |-\n    ", "avoid:\n  - |-\n    Perhaps ")
    put(project, ONE, "  - consultation", "  - public consultation")
    put(project, "data/glossary/output.yml", "example: |-\n  ", "example: |-\n  So to say: ")
    put(project, "content/values.md", "# Shared values", "# " + "Values " * 500)
    text = report(small_project, read_project(project), for_github=False)
    first = text.split("\n")[0]
    assert first.startswith("4 changes: 3a reworded, 1a and the term “Output” reworded, the page “Values Values ")
    assert first.endswith("… changed. 3a needs the board's agreement.")
    assert "Removed words are marked [-like this-], and new words {+like this+}.\n" in text
    assert " (search.1):\n    - consultation\n    + {+public+} consultation\n" in text
    places = [text.index(f"\n{name}") for name in ("Recommendation 3a.", "Recommendation 1a.", "The term “Output”", "Page “Values Values")]
    assert places == sorted(places)
    assert text.partition("\nPage ")[2].split("\n")[0].endswith("…")


def test_a_choice_is_shown_in_the_words_of_its_page(project: Path, small_project: Project) -> None:
    put(project, "data/law/social-value-act.yml", "status: in-force", "status: changing")
    assert "(status):\n    - [-In force-]\n    + {+Being changed+}\n" in report(small_project, read_project(project), for_github=False)


def moved_and_renamed(root: Path) -> None:
    (root / "data/recommendations/3b.yml").rename(root / "data/recommendations/2c.yml")
    put(root, "data/recommendations/2c.yml", "stage: 3-look-back\nletter: b", "stage: 2-agree\nletter: c\nformerly: [3b]")
    put(root, "data/recommendations/3c.yml", "3b", "2c")
    (root / "data/values/openness.yml").rename(root / "data/values/faith.yml")
    put(root, "data/values/faith.yml", "title: Openness", "title: Faith\nformerly: [openness]")
    for file in root.glob("data/recommendations/*.yml"):
        file.write_text(file.read_text("utf-8").replace("values: [openness]", "values: [faith]"), "utf-8")


@pytest.mark.parametrize("change", ["withdrawn", "moved_and_renamed"])
def test_the_first_line_names_what_matters_most(project: Path, small_project: Project, change: str) -> None:
    globals()[change](project)
    text = report(small_project, read_project(project), for_github=False)
    first, *others = cases(f"diff.{change}")
    assert text.split("\n")[0] == first
    assert [part for part in others if part not in text] == []


def test_changes_that_do_not_fit_are_counted(kept: Path, small_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in sorted(kept.glob("data/recommendations/*.yml")):
        put(kept, f"data/recommendations/{file.name}", "ask:\n  - |-\n    ", "ask:\n  - |-\n    Today: ")
    monkeypatch.setattr(reports, "MAX_REPORT", 900)
    monkeypatch.setitem(words(), "numbers", ["no", "one"])  # others in digits
    after = read_project(kept)
    for text, heading, changes in ((report(small_project, after), "\n### Recommendation", 9), (notes(small_project, kept), "\n##### ", 8)):
        assert 0 < text.count(heading) < changes
        assert f"{changes - text.count(heading)} more change" in text
    assert "Reworded or updated: 8 recommendations." in notes(small_project, kept)
    assert "run <code>make changes BASE=main</code>." in report(small_project, after)
    assert "more changes" not in report(small_project, after, for_github=False)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_escaped(kept: Path, small_project: Project, hostile: str) -> None:
    file = kept / "data/sources/social-value-act.yml"
    file.write_text(re.sub(r"(?m)^title: (.*)$", rf'title: "{hostile} \1"', file.read_text("utf-8")), "utf-8")
    if "::" not in hostile:
        text = notes(small_project, kept)
        root = lxml.html.fragment_fromstring(Markdown(extensions=["tables"]).convert(text), create_parent="div")
        assert not root.xpath("//a | //script | //img | //code")
        assert not re.search(r"@\w|#\d|\w://|www\.", "".join(root.itertext()))
    put(kept, ONE, "Ask what helps now", f"Ask {hostile} what helps now")
    put(kept, "content/values.md", "# Shared values", f"# Values <script>{hostile}</script>")
    put(kept, "content/values.md", "{{ values() }}", f"{{{{ values() }}}}\n\n{hostile}\n\n<script>alert(1)</script>\n\n- a\n- b")
    after = read_project(kept)
    root = lxml.html.fragment_fromstring(Markdown(extensions=["tables"]).convert(report(small_project, after)), create_parent="div")
    assert not root.xpath("//a | //script | //img")
    text = "".join(root.xpath(".//text()[not(ancestor::code)]"))  # GitHub finds nobody and no issue in code
    assert hostile.split()[0][:2] in text.replace("\u200b", "")
    assert not re.search(r"@\w|#\d|\w://|www\.", text)
    assert all(len(row) == 3 for row in root.xpath("//tr"))
    assert not re.search(r"::|##\[", report(small_project, after, for_github=False))


def test_notes_without_changes_are_one_sentence(kept: Path, small_project: Project) -> None:
    put(kept, ONE, "  - consultation", "  - public consultation")
    assert notes(small_project, kept) == "Nothing changes for readers.\n"
    put(kept, "data/law/social-value-act.yml", "checked_on: 2026-11-22", "checked_on: 2027-04-20")
    assert notes(small_project, kept) == "Nothing changes for readers. 1 record was checked against the sources again.\n"


def merged(root: Path) -> None:
    file = root / "data/recommendations/3c.yml"
    file.write_text(file.read_text("utf-8").partition("withdrawn:")[0], "utf-8")
    (root / "data/glossary/output.yml").unlink()
    for file in (*root.glob("data/*/*.yml"), *root.glob("content/**/*.md")):
        text = re.sub(r"\[\[output(\|[^\]]*)?\]\]", "outputs", file.read_text("utf-8"))
        text = re.sub(r"(?m)^(terms|see): \[output\]\n", "", text).replace(", output]", "]")
        file.write_text(re.sub(r"(?ms)^not_to_be_confused_with:\n(?:  .*?\n)+", "", text) if file.stem == "outcome" else text, "utf-8")
    put(root, "data/glossary/outcome.yml", "term: Outcome\n", "term: Outcome\nformerly: [output]\n")


def withdrawn(root: Path) -> None:
    put(root, "data/recommendations/1b.yml", "letter: b\n", f"letter: b\n{WITHDRAWN}")
    put(root, "data/common-core/openness.yml", "1b", "1a")


def added(root: Path) -> None:
    shutil.copy(root / "data/recommendations/3b.yml", root / "data/recommendations/3d.yml")
    put(root, "data/recommendations/3d.yml", "letter: b", "letter: d")
    put(root, "data/recommendations/3d.yml", "added: 2026-11", "added: 2027-05")
    put(root, "data/recommendations/3d.yml", "\ntitle: ", "\ntitle: Always ")


def renamed(root: Path) -> None:
    (root / "data/recommendations/3b.yml").rename(root / "data/recommendations/3d.yml")
    put(root, "data/recommendations/3d.yml", "letter: b", "letter: d\nformerly: [3b]")
    put(root, "data/recommendations/3c.yml", "3b", "3d")


LINKED = 'See {{ link("1a", "who is asked") }}, *early*.\n\n{{ values() }}\n\n{{ aims() }}'
SAID = ("says: |-\n  ", "says: |-\n  We say so. ")
NOTES: dict[str, tuple[Callable[[Path], None] | tuple[str, str, str], str]] = {
    "added": (added, "**Recommendation 3d. Always "),
    "withdrawn": (withdrawn, "** The county has one list now. Use instead: recommendation 1a. Go where people already meet.\n"),
    "renamed": (renamed, " (stage 3, Looking back together)** has a new address: it was 3b. The old address redirects to it.\n"),
    "returned": (merged, "#### No longer withdrawn\n\n- **Recommendation 3c. Write it all down (stage 3, Looking back together)** is no"),
    "merged": (merged, "#### Merged\n\n- **The term “Output”** is now part of the term “Outcome”. Its address redirects there.\n"),
    "page": (
        ("content/values.md", "{{ values() }}", LINKED),
        "##### The page “Shared values”\n\n| | Before | Now |\n| --- | --- | --- |\n| Text | — | See who is asked, early. |\n\n",
    ),
    "report": (("data/recommendations/3a.yml", *SAID), "\n| What the report says | "),
    "ours": (("data/recommendations/3b.yml", *SAID), "\n| What it proposes | "),
    "link": (("data/recommendations/3b.yml", "[visit people](1a)", "[visit people](1b)"), "Nothing changes for readers."),
    "reference": ((ONE, "terms: [social-value]", "terms: [output]"), "\n- It now uses the term “Output”.\n- It no longer uses the term"),
}


@pytest.mark.parametrize("name", NOTES)
def test_notes_tell_each_kind_of_change(kept: Path, small_project: Project, name: str) -> None:
    change, part = NOTES[name]
    put(kept, *change) if isinstance(change, tuple) else change(kept)
    text = notes(small_project, kept)
    assert part in text
    assert [word for word in REVIEWERS if word in text.lower().replace("checklist", "").replace("agreeing the work", "")] == []


def entry(before: Project, root: Path) -> Entry:
    """Return the only change of the project `root`."""
    comparison, sides = compared(before, read_project(root))
    changes: list[RecordChange | PageChange] = [*comparison.records, *comparison.pages]
    assert len(changes) == 1
    return sides.entry(changes[0])


@pytest.mark.parametrize("case", cases("diff.places"), ids=lambda case: case["path"])
def test_a_change_is_seen_where_its_record_is_named(project: Path, small_project: Project, case: dict[str, Any]) -> None:
    put(project, case["path"], case["old"], case["new"])
    found = entry(small_project, project)
    assert list(found.pages) == case["pages"]
    assert [Path(guide).stem for guide in found.guides] == case["guides"]


def test_every_guide_that_is_named_exists(project: Path, small_project: Project, small: Framework) -> None:
    made = set(Guides(small, small_project.pages, small_project.stamp("", "Small")).makers)
    for file in (file for name in ("glossary", "recommendations", "templates") for file in project.glob(f"data/{name}/*.yml")):
        file.write_text(re.sub(r"(?m)^(title|term): (?=\w)", r"\1: New ", file.read_text("utf-8")), "utf-8")
    comparison, sides = compared(small_project, read_project(project))
    named = {guide for record in comparison.records for guide in sides.entry(record).guides}
    assert {f"downloads/stage-{stage.id}.pdf" for stage in small.all(Stage)} < named <= made


def test_a_comment_and_pages_with_errors_do_not_stop_it(project: Path, small_project: Project) -> None:
    put(project, ONE, "stage: 1-find-out", "# A comment.\nstage: 1-find-out")
    assert "Nothing changes for readers." in report(small_project, read_project(project))
    put(project, "content/values.md", "{{ values() }}", '{{ link("nowhere") }}')
    put(project, ONE, "a school gate.", "a [gate](nowhere).")
    assert "2 changes: " in report(small_project, read_project(project))


@pytest.fixture
def repo(project: Path) -> Path:
    return repository(project)


def test_a_change_is_described_with_the_pages_that_show_it(repo: Path) -> None:
    put(repo, ONE, "stage: 1-find-out", "# A comment.\nstage: 1-find-out")
    assert svf(repo, "diff", "begin").stdout.startswith("Nothing changes for readers.\n")
    assert svf(repo, "protected", "begin").returncode == 0
    put(repo, ONE, "a school gate.", "a  garden gate.")  # house style does not prevent a comparison
    put(repo, ONE, "terms: [social-value]", "terms: [output]")
    save(repo)
    done = svf(repo, "diff", "begin", "main")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 change: 1a changed. Nothing here needs the board's agreement.\n")
    assert " a library or a [-school-] gate.\n    + Pick three" in done.stdout
    assert "- It no longer uses the term “Social value”.\n" in done.stdout
    pages = "1a. Go where people already meet (1a/), Commissioner (audiences/commissioner/)"
    assert f"\n- 1a: {pages}, downloads/stage-1-find-out.pdf, downloads/commissioner-guide.pdf\n" in done.stdout
    assert not re.search(r"downloads/(stage-3-look-back|framework)", done.stdout)
    assert svf(repo, "diff", "begin", "--summary", "summary.md").stdout == svf(repo, "diff", "begin").stdout
    shown = (repo / "summary.md").read_text("utf-8")
    assert shown.startswith("## What changes for readers\n\n1 change: 1a changed. Nothing here needs")
    assert "<details>\n<summary>Where readers see it</summary>\n\n- 1a: " in shown
    assert "a library or a <del>school</del> gate. | Pick three" in shown


def test_the_steering_group_reads_what_changes_what_the_report_says_and_what_to_decide(repo: Path) -> None:
    put(repo, ONE, "before anything is decided", "before anything is settled")
    put(repo, ONE, "a school gate.", "a garden gate.")
    put(repo, ONE, "points: [1a, intro]", "points: [1a, 2a]")
    put(repo, "data/report.yml", "Ask people where they already meet, before anything is decided.", "Otherwise.")
    put(repo, "data/report.yml", "author: ", "author: Not ")
    put(repo, "data/stages/1-find-out.yml", "title: Plan & share", "title: Scheme")
    done = svf(repo, "protected", "begin", "--summary", "summary.md")
    assert done.returncode == 1
    assert [part for part in cases("diff.paper_about_wording") if part not in done.stdout] == []
    assert "garden" not in done.stdout, "advice is not for them"
    heading, paper = (repo / "summary.md").read_text("utf-8").split("## What the board decides")
    assert "before anything is <strong>settled</strong>." in paper
    assert "<code>steering-group-agreed</code> on the pull request" in heading
    for text in (done.stdout, paper):
        assert not [word for word in REVIEWERS if word in text.lower() and word not in ("steering", "agree", "check")]
        assert "begin" not in text, "no commit"
    agreed = svf(repo, "protected", "begin", "--agreed")
    assert (agreed.returncode, agreed.stdout.splitlines()[0]) == (0, "The board has agreed to 4 suggested changes.")


def test_adding_and_removing_records_of_the_report_is_decided(repo: Path) -> None:
    text = (repo / ONE).read_text("utf-8")
    (repo / "data/recommendations/1d.yml").write_text(text.replace("letter: a", "letter: d") + "added: 2026-11\n", "utf-8")
    with (repo / ONE).open("a") as stream:
        stream.write("withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n")
    done = svf(repo, "protected", "begin")
    assert [part for part in cases("diff.paper_about_records") if part not in done.stdout] == []
    assert svf(repo, "diff", "begin").stdout.startswith("2 changes: 1d added, 1a withdrawn. 1a and 1d need the board's agreement.\n")
    save(repo)
    (repo / "data/recommendations/1d.yml").unlink()
    assert "\nRemove: Recommendation 1d. " in svf(repo, "protected", "main").stdout


def test_other_files_are_mentioned(repo: Path) -> None:
    put(repo, "mkdocs.yml", "site_name: ", "site_name: The ")
    assert svf(repo, "diff", "begin").stdout.startswith("No record or page changes. The menu or other settings also changed. Look at")
    (repo / "content/framework.css").write_text("a {}", "utf-8")
    save(repo)
    assert "other settings also changed. The code also changed. Look at the preview.\n" in svf(repo, "diff", "begin", "main").stdout


@pytest.mark.parametrize("command", ["diff", "protected"])
def test_an_unreadable_side_is_named(repo: Path, command: str) -> None:
    put(repo, "data/values/openness.yml", "number:", '"@team#1 <b>":')
    here = svf(repo, command, "begin", "--summary", "summary.md")
    assert here.returncode == 1
    assert here.stderr.startswith("Nothing was compared, because this folder has mistakes in its files. Fix them there, and try again:\n")
    assert "data/values/openness.yml:1:1: " in here.stdout
    assert "@&#8203;team#&#8203;1 &lt;b&gt;" in (repo / "summary.md").read_text("utf-8")
    broken = save(repo, "Break")
    assert svf(repo, command, "begin", "main").stderr.startswith("Nothing was compared, because main has mistakes")
    put(repo, "data/values/openness.yml", '"@team#1 <b>":', "number:")
    fixed = svf(repo, command, broken)
    assert (fixed.returncode, fixed.stderr.split(" has ")[0]) == (1, f"Nothing was compared, because {broken} ({broken[:8]})")
    agreed = svf(repo, "protected", broken, "--agreed")
    assert (agreed.returncode, "The change is agreed." in agreed.stderr) == (0, True)


@pytest.mark.parametrize("words", [["nowhere"], ["--", "-x"], ["begin", "nowhere"], []])
def test_an_unknown_commit_ends_with_status_2(repo: Path, words: list[str]) -> None:
    done = svf(repo, "diff", *words)
    assert (done.returncode, done.stdout) == (2, "")
