"""Pages and guides that show a change, predicted from references and compared with what they really contain."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from macros.cli.affected_pages import SHOWING_MACROS, SHOWN_BY, Affected, affected
from macros.history.compare import compare, state_of
from macros.model.introspection import field_guides
from macros.model.output import Stamp
from macros.model.records import KINDS, SINGLES
from macros.outputs.pdf.guides import Guides
from macros.rendering.article import article
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import Project, read_project
from tests.history.test_editions import keep
from tests.history.test_git import put

ONE = "data/recommendations/1a.yml"


def predicted(before: Project, after: Project) -> Affected:
    assert before.framework is not None
    assert after.framework is not None, after.problems
    return affected(compare(state_of(before.framework, before.pages), state_of(after.framework, after.pages)), before, after)


def contents(project: Project) -> dict[str, object]:
    """Return what each page and each printed guide shows."""
    assert project.framework is not None
    here = ""
    macros = PageMacros(project.framework, lambda: here, project.citations).macros()
    found: dict[str, object] = {}
    for page in project.pages:
        here = page.url
        found[here] = article(page, macros)
    stamp = Stamp("", date.min, "", "", "")
    return found | {guide.path: guide.content for guide in Guides(project.framework, project.pages, stamp).all()}


CHANGES = {
    "step": (ONE, "Say what you have seen", "Tell what you have seen"),
    "question": (ONE, "Did we answer?", "Did we answer them?"),
    "title": (ONE, "title: Ask early for ideas", "title: Ask early for more ideas"),
    "reason": (ONE, "because: |-\n      ", "because: |-\n      Mostly, "),
    "meaning": ("data/glossary/output.yml", "meaning: |-\n  ", "meaning: |-\n  Put simply: "),
    "term": ("data/glossary/output.yml", "term: Output", "term: Product"),
    "law": ("data/law/small-act.yml", "in_short: |-\n  ", "in_short: |-\n  Now, "),
    "source": ("data/sources/small-law.yml", "title: ", "title: The "),
    "stage": ("data/stages/2-buy.yml", "title: Buy", "title: Purchase"),
    "undertaking": ("data/principles/1-fairness.yml", "promise: |-\n      ", "promise: |-\n      Always, "),
    "point": ("data/report.yml", "point: |-\n      ", "point: |-\n      Indeed, "),
    "definition": ("data/report.yml", "definition: |-\n  ", "definition: |-\n  Indeed, "),
    "page": ("content/values.md", "{{ values() }}", "These are the values.\n\n{{ values() }}"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_page_and_guide_that_shows_a_change_is_listed(project: Path, small_project: Project, name: str) -> None:
    put(project, *CHANGES[name])
    after = read_project(project)
    found, old, new = predicted(small_project, after), contents(small_project), contents(after)
    shown = {path for path in new if old[path] != new[path]} - {"about/suggest/", ""}  # the former lists all names; both call most macros
    assert shown <= {*found.pages, *found.guides}
    assert len(found.pages) <= len(shown) + 4 or name == "stage"


def test_a_changed_step_affects_few_pages(project: Path, small_project: Project) -> None:
    put(project, *CHANGES["step"])
    found = predicted(small_project, read_project(project))
    assert small_project.framework is not None
    names = {url: small_project.framework.records[key].name for url, key in (
        ("audiences/provider/", ("audience", "provider")), ("stages/1-plan/", ("stage", "1-plan")))}  # fmt: skip
    assert {url: found.pages[url] for url in names} == names
    assert {path.removeprefix("downloads/") for path in found.guides} == {"stage-1-plan.pdf", "framework.pdf", "framework-large-print.pdf"}


def test_no_change_and_another_edition_affect_no_guide(project: Path, small_project: Project) -> None:
    assert predicted(small_project, small_project) == ({}, ())
    assert small_project.framework is not None
    keep(project)
    put(project, "data/site.yml", f"edition: {small_project.framework.site.edition}", "edition: 2031-01")
    assert predicted(small_project, read_project(project)).guides == ()


def test_the_tables_name_macros_and_fields_that_exist() -> None:
    fields = {f"{cls.kind}.{field.name}" for cls in (*KINDS.values(), *SINGLES.values()) for field in field_guides(cls)}
    assert {macro for macros in SHOWING_MACROS.values() for macro in macros} <= set(PageMacros.names())
    assert {*SHOWN_BY, *(name for name in SHOWING_MACROS if "." in name)} <= fields
