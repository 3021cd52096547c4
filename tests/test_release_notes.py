"""The notes of a release tell readers what changed, in their words, and nothing that only reviewers need."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from markdown import Markdown

from macros.comparing import State, compare
from macros.fieldguide import guide
from macros.kinds import KINDS, SINGLES
from macros.project import Project, read_project
from macros.published import PUBLISHED
from macros.release_notes import FATES, release_notes, words
from macros.touched import touched

from .test_ready import publishable, store
from .test_release import release
from .test_revision import put
from .test_snapshot import keep, next_edition

ONE = "data/recommendations/1a.yml"
REVIEWERS = (
    "protected",
    "steering",
    "label",
    "svf",
    "check",
    "preview",
    "agree",
    "formerly",
    ".yml",
    "data/",
    "reviewer",
    "maintainer",
    "```",
)
"""Words of those who review changes."""

WITHDRAWN = "withdrawn:\n  edition: 2027-05\n  reason: |-\n    The county has one list now.\n  instead: [1a]\n"


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project, whose edition 2026-11 is kept, on its way to 2027-05."""
    keep(project)
    next_edition(project, "2027-05", "2027-05-03")
    return project


def told(before: Project, root: Path, most: int = 20_000) -> str:
    after = read_project(root)
    assert after.errors == ()
    assert before.framework is not None
    assert after.framework is not None
    compared = compare(State(before.framework, before.pages), State(after.framework, after.pages))
    shown = touched(before, after)
    return release_notes(compared.without("site", "edition", "edition_date"), shown, before.framework, after.framework, most)


def move(root: Path, old: str, new: str, *changes: tuple[str, str]) -> None:
    """Give the file `old` the name `new`, with `changes` in it."""
    (root / old).rename(root / new)
    for change in changes:
        put(root, new, *change)


def second(root: Path) -> None:
    """Make of the project what a second edition may well be."""
    text = (root / "data/recommendations/2b.yml").read_text("utf-8")
    put(root, "data/recommendations/2c.yml", "instead: [2b]", "instead: [2d]")
    move(root, "data/recommendations/2b.yml", "data/recommendations/2d.yml", ("letter: b", "letter: d\nformerly: [2b]"))
    for path in ("data/case-studies/panel.yml", "data/comparison/author.yml", "data/common-core/trust.yml"):
        (root / path).write_text((root / path).read_text("utf-8").replace("2b", "2d"), "utf-8")
    put(root, "data/common-core/trust.yml", "1b", "1a")
    new = text.replace("letter: b", "letter: e").replace("added: 2026-11", "added: 2027-05")
    (root / "data/recommendations/2e.yml").write_text(re.sub(r"title: .*", "title: Tell bidders who reads bids", new), "utf-8")
    (root / "data/recommendations/1b.yml").open("a", encoding="utf-8").write(WITHDRAWN)
    put(root, ONE, "Ask people what they need.", "Ask people what they want.")
    put(root, ONE, "  - when to ask", "  - whom to ask")
    put(root, "data/glossary/output.yml", "term: Output", "term: Product")
    source = (root / "data/sources/small-law.yml").read_text("utf-8")
    source = re.sub(
        r"(?m)^title: .*", "title: Guide for bidders", re.sub(r"(?m)^web: .*", "web: https://www.testshire.gov.uk/guide", source)
    )
    (root / "data/sources/guide.yml").write_text(source, "utf-8")
    put(root, "data/law/small-act.yml", "checked_on: 2026-11-22", "checked_on: 2027-04-20")
    put(root, "data/law/small-act.yml", "practice: |-\n", "practice: |-\n  Ask your lawyers first.\n")
    put(root, "data/stages/2-buy.yml", "title: Buy", "title: Buy and agree on it")


def test_a_second_edition_is_told_as_a_councillor_would_read_it(project: Path) -> None:
    ready = publishable(project)
    assert release(ready).returncode == 0
    next_edition(ready, "2027-05", "2027-05-03")
    second(ready)
    store(ready)
    done = release(ready, day="2027-05-03")
    assert done.returncode == 0, done.stdout
    text = (ready / "CHANGELOG.md").read_text("utf-8").partition("### What changed for readers\n")[2].partition("\n## ")[0]
    for said in (
        "Compared with edition 2026-11. New: 1 recommendation and 1 source. Withdrawn: 1 recommendation. "
        "Moved or renamed: 1 stage, 1 recommendation and 1 glossary term. "
        "Reworded or updated: 1 recommendation, 1 theme of the common core and 1 law. "
        "1 record was checked against the sources again.\n",
        "#### New\n\n- **Recommendation 2e. Tell bidders who reads bids (stage 2, Buy and agree on it).** "
        "It adds to the recommendations of the 2017 report. ",
        "- **The source “Guide for bidders” (",
        "#### Withdrawn\n\n- **Recommendation 1b. ",
        "** The county has one list now. Use instead: recommendation 1a. Ask early for ideas.\n",
        "#### Moved or renamed\n\n- Stage 2 (“Buy”) is now called **“Buy and agree on it”**.\n",
        "- Recommendation 2b is now **Recommendation 2d. ",
        "Its old address leads there.\n- The term “Output” is now called **“Product”**.\n",
        "| What to do, step 1 | Ask people what they <del>need</del>. | Ask people what they <strong>want</strong>. |\n",
        "##### The law: “The small Act”\n\n| | Until now | Now |\n| --- | --- | --- |\n"
        "| What to do with it | … | <strong>Ask your lawyers first.</strong> … |",
        "#### Printed copies to replace\n\n",
    ):
        assert said in text
    assert "the report says" not in text.lower()
    shown = text.lower().replace("was checked against", "").replace("guides and checklists", "").replace("buy and agree on it", "")
    assert [word for word in REVIEWERS if word in shown.replace(": guide and checklist", "")] == []


def test_nothing_that_changes_is_said_in_a_sentence(kept: Path, small_project: Project) -> None:
    put(kept, ONE, "  - when to ask", "  - whom to ask")
    assert told(small_project, kept) == "Nothing changes for readers.\n\n"
    put(kept, "data/law/small-act.yml", "checked_on: 2026-11-22", "checked_on: 2027-04-20")
    assert told(small_project, kept) == "Nothing changes for readers. 1 record was checked against the sources again.\n\n"


def test_what_an_added_recommendation_asks_is_not_the_reports(kept: Path, small_project: Project) -> None:
    put(kept, "data/recommendations/2a.yml", "says: |-\n  ", "says: |-\n  We say so too. ")
    put(kept, "data/recommendations/2b.yml", "says: |-\n  ", "says: |-\n  We say so too. ")
    shown = told(small_project, kept)
    assert [row.split("|")[1].strip() for row in shown.split("\n") if "We say so too" in row] == ["What the report says", "What it asks"]


def test_a_withdrawal_that_is_taken_back_and_a_merger_are_told(kept: Path, small_project: Project) -> None:
    two = kept / "data/recommendations/2c.yml"
    two.write_text(two.read_text("utf-8").partition("withdrawn:")[0], "utf-8")
    (kept / "data/glossary/output.yml").unlink()
    for file in (*kept.glob("data/*/*.yml"), *kept.glob("content/**/*.md")):
        text = re.sub(r"\[\[output(\|[^\]]*)?\]\]", "outputs", file.read_text("utf-8"))
        text = re.sub(r"(?m)^(terms|see): \[output\]\n", "", text).replace("[outcome, output]", "[outcome]")
        file.write_text(re.sub(r"(?ms)^not_to_be_confused_with:\n(?:  .*?\n)+", "", text) if file.stem == "outcome" else text, "utf-8")
    put(kept, "data/glossary/outcome.yml", "term: Outcome\n", "term: Outcome\nformerly: [output]\n")
    shown = told(small_project, kept)
    assert "#### No longer withdrawn\n\n- **Recommendation 2c. Write it all down (stage 2, Buy)** counts again.\n" in shown
    assert "#### Merged\n\n- **The term “Output”** is now part of the term “Outcome”. Its address leads there.\n" in shown
    assert "no longer" not in shown.replace("No longer withdrawn", "").split("#### What reads")[-1]


def test_a_page_is_told_without_its_macros_and_marks(kept: Path, small_project: Project) -> None:
    put(kept, "content/values.md", "{{ values() }}", 'See {{ link("1a", "who is asked") }}, *early*.\n\n{{ values() }}\n\n{{ aims() }}')
    shown = told(small_project, kept)
    assert "##### The page “Values”\n\n| | Until now | Now |\n| --- | --- | --- |\n| Text | — | See who is asked, early. |\n" in shown
    assert "{{" not in shown
    assert "aims" not in shown


def test_only_sentences_that_differ_are_shown_of_a_long_text(kept: Path, small_project: Project) -> None:
    put(kept, ONE, "is trusted more when", "is trusted less when")
    row = next(line for line in told(small_project, kept).split("\n") if "Why it matters" in line)
    assert "People who use a service know best" not in row
    assert row.count("… A plan that hears them in time") == 2
    assert "trusted <del>more</del> when" in row


def test_another_link_behind_the_same_words_is_no_news(kept: Path, small_project: Project) -> None:
    put(kept, ONE, "[where they are](1a)", "[where they are](1b)") if "(1a)" in (kept / ONE).read_text("utf-8") else None
    put(kept, "data/recommendations/2a.yml", "[where they are](1a)", "[where they are](1b)")
    assert told(small_project, kept).startswith("Nothing changes for readers.")


@pytest.mark.parametrize("hostile", ["@everyone", "see #1", "[x](https://x.testshire.gov.uk)", "**x** ~~y~~ `z` a | b", "www.x.uk"])
def test_hostile_words_are_shown_as_words(kept: Path, small_project: Project, hostile: str) -> None:
    put(kept, "data/sources/small-law.yml", "title: ", f'title: "{hostile} ')
    file = kept / "data/sources/small-law.yml"
    file.write_text(re.sub(r'(?m)^(title: ".*)$', r'\1"', file.read_text("utf-8")), "utf-8")
    root = lxml.html.fragment_fromstring(Markdown(extensions=["tables"]).convert(told(small_project, kept)), create_parent="div")
    assert not root.xpath("//a | //script | //img | //code")
    assert not re.search(r"@\w|#\d|\w://|www\.", "".join(root.itertext()))


def test_what_finds_no_room_is_counted(kept: Path, small_project: Project) -> None:
    for file in sorted(kept.glob("data/recommendations/*.yml")):
        put(kept, f"data/recommendations/{file.name}", "    Did we ask in time?\n", "    Did we ask in good time?\n")
    whole, cut = told(small_project, kept), told(small_project, kept, 900)
    sections = whole.count("\n##### ")
    left = sections - cut.count("\n##### ")
    assert 0 < left < sections
    assert f"{left} more changes are listed on the page “Editions” of the site.\n" in cut
    assert len(cut) <= 1000
    assert "more change" not in whole


def test_each_kind_and_fate_has_its_words() -> None:
    published = {kind.name for kind in PUBLISHED}
    assert set(words()["kinds"]) == published - {"point"} | {"page"}
    assert set(words()["names"]) == published | {"short recommendation"}
    assert set(words()["fates"]) == {*FATES, "changed"}
    fields = {f"{cls.kind}.{field.name}" for cls in (*KINDS.values(), *SINGLES.values()) for field in guide(cls)}
    assert {f"{kind}.{gist}" for kind, gist in words()["gist"].items()} <= fields
    assert {name for name in words()["left_out"] if "." in name} <= fields
    assert {name.removeprefix("added ") for name in words()["labels"]} <= fields
