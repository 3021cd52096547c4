"""Which pages and printed guides say something else is found by making both."""

from __future__ import annotations

from pathlib import Path

from macros.project import Project, read_project
from macros.touched import touched

from .test_revision import put
from .test_snapshot import keep


def found_name(project: Project, kind: str, record_id: str) -> str:
    record = project.framework.find(kind, record_id) if project.framework else None
    return record.name if record else ""


def test_nothing_is_touched_by_nothing(small_project: Project) -> None:
    found = touched(small_project, small_project)
    assert found is not None
    assert (found.pages, found.guides) == ((), ())


def test_a_step_touches_its_stage_its_audience_and_their_guides(project: Path, small_project: Project) -> None:
    put(project, "data/recommendations/1a.yml", "Say what you have seen", "Tell what you have seen")
    found = touched(small_project, read_project(project))
    assert found is not None
    assert [page.url for page in found.pages] == ["audiences/provider/", "", "stages/1-plan/"]
    assert [page.title for page in found.pages][::2] == [
        found_name(small_project, *key) for key in (("audience", "provider"), ("stage", "1-plan"))
    ]
    assert found.guides == ("downloads/stage-1-plan.pdf", "downloads/framework.pdf", "downloads/framework-large-print.pdf")


def test_a_question_touches_the_checklist(project: Path, small_project: Project) -> None:
    put(project, "data/recommendations/1a.yml", "Did we answer?", "Did we answer them?")
    found = touched(small_project, read_project(project))
    assert found is not None
    assert "downloads/stage-1-plan-checklist.pdf" in found.guides
    assert "downloads/stage-2-buy-checklist.pdf" not in found.guides


def test_a_meaning_touches_the_glossary(project: Path, small_project: Project) -> None:
    put(project, "data/glossary/output.yml", "example: |-\n  ", "example: |-\n  So to say: ")
    found = touched(small_project, read_project(project))
    assert found is not None
    assert "glossary/" in [page.url for page in found.pages]
    assert "downloads/glossary.pdf" in found.guides


def test_another_edition_alone_touches_no_guide(project: Path, small_project: Project) -> None:
    assert small_project.framework is not None
    edition = small_project.framework.site.edition
    keep(project)
    put(project, "data/site.yml", f"edition: {edition}", "edition: 2031-01")
    found = touched(small_project, read_project(project))
    assert found is not None
    assert found.guides == ()


def test_what_cannot_be_made_is_not_guessed(project: Path, small_project: Project) -> None:
    put(project, "data/recommendations/1a.yml", "Ask people what", "Ask people  what")
    assert touched(small_project, read_project(project)) is None
    assert touched(read_project(project), small_project) is None
