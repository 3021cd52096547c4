"""The pages and printed guides that show a change are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.cli.affected_pages import Affected, affected
from macros.site_build.project import Project, read_project
from tests.history.test_editions import keep
from tests.history.test_git import put

ONE = "data/recommendations/1a.yml"
MOST_MACROS = {""}
"""The page that calls most macros."""

WHOLE = ("downloads/framework-large-print.pdf", "downloads/framework.pdf")


def test_a_changed_step_affects_its_stage_and_its_audience(project: Path, small_project: Project) -> None:
    put(project, ONE, "Say what you have seen", "Tell what you have seen")
    found = affected(small_project, read_project(project))
    assert small_project.framework is not None
    audience = small_project.framework.records["audience", "provider"]
    assert found.pages[audience.url] == audience.name
    assert set(found.pages) - MOST_MACROS == {"audiences/provider/", "stages/1-plan/", "values/"}
    assert found.guides == (*WHOLE, "downloads/stage-1-plan.pdf")


@pytest.mark.parametrize(
    ("path", "old", "new", "page", "guide"),
    [
        (ONE, "Did we answer?", "Did we answer them?", "stages/1-plan/", "stage-1-plan-checklist"),
        ("data/glossary/output.yml", "meaning: |-\n  ", "meaning: |-\n  Put simply: ", "glossary/", "glossary"),
        ("data/law/small-act.yml", "in_short: |-\n  ", "in_short: |-\n  Now, ", "law/", "framework"),
        ("data/report.yml", "definition: |-\n  ", "definition: |-\n  Indeed, ", "", ""),
        ("content/values.md", "{{ values() }}", "These are the values.\n\n{{ values() }}", "values/", "framework"),
    ],
)
def test_other_changes_affect_their_pages(
    project: Path, small_project: Project, path: str, old: str, new: str, page: str, guide: str
) -> None:
    put(project, path, old, new)
    found = affected(small_project, read_project(project))
    assert page in found.pages
    assert f"downloads/{guide}.pdf" in found.guides or not guide


def test_comments_and_another_edition_affect_no_guide(project: Path, small_project: Project) -> None:
    assert small_project.framework is not None
    put(project, ONE, "stage: 1-plan", "# A comment.\nstage: 1-plan")
    keep(project)
    assert affected(small_project, read_project(project)) == Affected({}, ())
    put(project, "data/site.yml", f"edition: {small_project.framework.site.edition}", "edition: 2031-01")
    assert affected(small_project, read_project(project)).guides == ()


def test_pages_and_records_with_errors_do_not_stop_it(project: Path, small_project: Project) -> None:
    put(project, "content/values.md", "{{ values() }}", '{{ link("nowhere") }}')
    put(project, ONE, "Ask people what they need.", "Ask people  what they want.")
    found = affected(small_project, read_project(project))
    assert set(found.pages) - MOST_MACROS == {"stages/1-plan/", "audiences/commissioner/"}
    put(project, ONE, "Ask people  what they want.", "Ask [people](nowhere).")
    assert affected(small_project, read_project(project)) == Affected({}, ())
