"""An edition is released only when all is ready, and everything that is not is named at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from macros.project import read_project
from macros.ready import changelog, not_ready
from macros.schema import schemas

from .conftest import ROOT
from .test_revision import git, put
from .test_snapshot import keep, next_edition

DAY = date(2026, 11, 22)
LOG = "# Changelog\n\n## Unreleased\n\n- The first line.\n"


def publishable(project: Path) -> Path:
    """Make the small project ready to be released: a repository in which nothing is left to do."""
    put(project, "mkdocs.yml", "https://framework.example.org/", "https://framework.testshire.gov.uk/")
    (project / "CHANGELOG.md").write_text(LOG, "utf-8")
    for made in schemas():
        (project / made.path).parent.mkdir(parents=True, exist_ok=True)
        (project / made.path).write_bytes(made.content)
    git(project, "init", "-q", "-b", "main")
    store(project, "Begin")
    return project


def store(project: Path, message: str = "Change") -> str:
    """Commit all of `project`, and return the commit."""
    git(project, "add", "-A")
    git(project, "commit", "-qm", message)
    return git(project, "rev-parse", "HEAD")


def wrong(project: Path, day: date = DAY) -> list[str]:
    return [line for text in not_ready(project, read_project(project), day) for line in text.split("\n")]


@pytest.fixture
def ready(project: Path) -> Path:
    return publishable(project)


def test_what_is_ready_is_ready(ready: Path) -> None:
    assert wrong(ready) == []


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        put(root, path, old, new)
        store(root)

    return spoil


def edition(name: str, day: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        next_edition(root, name, day)
        store(root)

    return spoil


def gone(path: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        (root / path).unlink()
        store(root)

    return spoil


def other_workflow(root: Path) -> None:
    folder = root / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "publish.yml").write_text("on: {push: {branches: [trunk]}}\n")
    store(root)


def written(path: str, text: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
        store(root)

    return spoil


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (
        lambda root: put(root, "data/recommendations/1a.yml", "what they need", "what they want"),
        "There are changes that are not committed (data/recommendations/1a.yml); commit them, or take them back with git restore.",
    ),
    "not-added": (
        lambda root: (root / "notes.txt").write_text("x"),
        "There are changes that are not committed (notes.txt); commit them, or",
    ),
    "another-branch": (
        lambda root: git(root, "switch", "-qc", "offer"),
        "The branch offer is checked out, but editions are released from main; run git switch main.",
    ),
    "no-branch": (lambda root: git(root, "switch", "-q", "--detach"), "No branch is checked out, but editions are released from main; run"),
    "tagged": (
        lambda root: git(root, "tag", "edition-2026-11"),
        "The tag edition-2026-11 exists already, so that edition 2026-11 has been",
    ),
    "record": (
        changed("data/recommendations/1a.yml", "1-fairness", "1-fairnes"),
        'data/recommendations/1a.yml:28:16: compact.1.principle: there is no principle "1-fairnes"; did you mean',
    ),
    "page": (
        changed("content/values.md", "values()", "valuesx()"),
        "content/values.md:",
    ),
    "repository": (
        changed("data/site.yml", "git.testshire.gov.uk", "git.example.org"),
        "data/site.yml:2:13: repository: still a reserved example address; write the publisher's own: an edition is not released before",
    ),
    "address": (
        changed("mkdocs.yml", "framework.testshire.gov.uk", "framework.example.org"),
        "mkdocs.yml:",
    ),
    "workflow": (
        other_workflow,
        ".github/workflows/publish.yml:1:24: names the branch trunk, but data/site.yml publishes from main; write main here, or change",
    ),
    "publisher": (
        changed("data/site.yml", "Testshire Council", "To be confirmed"),
        'data/site.yml:1:12: publisher: "To be confirmed" is a placeholder; write who publishes the site: an edition is not',
    ),
    "form": (
        changed("data/site.yml", "edition: ", "form: https://forms.example.org/x\nedition: "),
        "data/site.yml:4:7: form: still a reserved example address; write the publisher's own, or delete the line: an edition is not",
    ),
    "name-of-the-site": (changed("mkdocs.yml", "site_name: Hertfordshire", "site_name: Your council's example"), "mkdocs.yml:"),
    "owners": (
        written(
            ".github/CODEOWNERS", "# Who guards what.\n/data/ @council/editors\n/macros/ @publisher/maintainers\n* @publisher/maintainers\n"
        ),
        '.github/CODEOWNERS:3:10: "@publisher/maintainers" is not of the owner of the repository; write who guards the file, as '
        "@council or @council/maintainers, here and in the lines below",
    ),
    "owner-by-mail": (
        written(".github/CODEOWNERS", "* a@testshire.gov.uk b@example.org\n"),
        '.github/CODEOWNERS:1:22: "b@example.org" is not of the owner of the repository; write who guards',
    ),
    "link-of-the-form": (
        written(".github/ISSUE_TEMPLATE/config.yml", "contact_links:\n  - url: https://git.example.org/a/b/blob/main/CONTRIBUTING.md\n"),
        ".github/ISSUE_TEMPLATE/config.yml:2:10: url: still a reserved example address; write "
        "https://git.testshire.gov.uk/council/framework/blob/main/CONTRIBUTING.md",
    ),
    "link-to-another-repository": (
        written(
            ".github/ISSUE_TEMPLATE/config.yml", "contact_links:\n  - url: https://github.com/herts/framework/blob/main/CONTRIBUTING.md\n"
        ),
        ".github/ISSUE_TEMPLATE/config.yml:2:10: url: not in the repository https://git.testshire.gov.uk/council/framework; write https://",
    ),
    "draft-notice": (
        changed("content/values.md", "{{ values() }}", "This draft has no publisher yet.\n\n{{ values() }}"),
        'content/values.md:7:1: "This draft has no publisher yet" holds the place of missing text; write what belongs there, or delete',
    ),
    "gap-in-a-page": (
        changed("content/values.md", "{{ values() }}", "We answer in [number] days.\n\n{{ values() }}"),
        'content/values.md:7:14: "[number]" holds the place of missing text; write what',
    ),
    "gap-in-a-record": (
        changed("data/glossary/output.yml", "What is done", "TODO say what is done"),
        'data/glossary/output.yml:3:3: meaning: "TODO" holds the place of missing text; write what',
    ),
    "example-in-a-page": (
        changed("content/values.md", "{{ values() }}", "See [ours](https://www.example.com/us).\n\n{{ values() }}"),
        "content/values.md:7:12: a reserved example address; write a real one, or delete it",
    ),
    "day": (
        edition("2026-11", "2026-11-21"),
        "data/site.yml:5:15: edition_date: 2026-11-21 is not the day of this release; write edition_date: 2026-11-22 and commit it, or "
        "give --day 2026-11-21",
    ),
    "looked-at-later": (
        changed("data/law/small-act.yml", "checked_on: 2026-11-22", "checked_on: 2062-11-22"),
        "data/law/small-act.yml:17:13: checked_on: 2062-11-22 is later than 2026-11-22; write the day on which you looked",
    ),
    "schema": (
        changed("data/schema/value.json", "{", "{ "),
        "data/schema/value.json:1:1: out of date; run svf schema, and commit what it writes",
    ),
    "no-schema": (
        gone(".vscode/settings.json"),
        ".vscode/settings.json:1:1: out of date; run svf schema, and commit what it writes",
    ),
    "no-changelog": (
        gone("CHANGELOG.md"),
        "CHANGELOG.md:1:1: missing, or not text in UTF-8; bring it back from Git",
    ),
    "nothing-unreleased": (
        changed("CHANGELOG.md", "## Unreleased", "## Released"),
        "CHANGELOG.md:1:1: needs one line ## Unreleased, under which stands what is new; add it above the last edition",
    ),
    "unreleased-twice": (
        changed("CHANGELOG.md", LOG, LOG + "\n## Unreleased\n"),
        "CHANGELOG.md:1:1: needs one line ## Unreleased",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_ready_is_named(ready: Path, fault: str) -> None:
    spoil, message = FAULTS[fault]
    spoil(ready)
    (line,) = wrong(ready)
    assert line.startswith(message)


def test_what_looks_like_a_placeholder_and_is_none_stops_nothing(ready: Path) -> None:
    written(".github/CODEOWNERS", "# @publisher/maintainers\n/data/ @council/editors @council # @council/x\n* a@testshire.gov.uk\n")(ready)
    right = "https://git.testshire.gov.uk/council/framework/blob/main/CONTRIBUTING.md"
    written(".github/ISSUE_TEMPLATE/config.yml", f"contact_links:\n  - url: {right}\n  - url: https://www.testshire.gov.uk/help\n")(ready)
    put(
        ready, "data/recommendations/1a.yml", "Ask people what they need.", "Ask who is to be named in the [[outcome|name]] and this draft."
    )
    put(ready, "content/values.md", "{{ values() }}", "Ask [name by name](law.md), says the draft.\n\n{{ values() }}")
    store(ready)
    assert wrong(ready) == []


def test_every_placeholder_of_the_real_project_stops_a_release(ready: Path) -> None:
    for name in ("CODEOWNERS", "ISSUE_TEMPLATE/config.yml"):
        written(f".github/{name}", (ROOT / ".github" / name).read_text("utf-8"))(ready)
    for path in ("data/site.yml", "mkdocs.yml"):
        (ready / path).write_text((ROOT / path).read_text("utf-8").partition("\nnav:")[0] + "\n", "utf-8")
    store(ready)
    found = [line for line in wrong(ready, DAY) if "edition_date" not in line]
    assert [line.split(": ")[0].rpartition(":")[0].rpartition(":")[0] for line in found] == [
        *[".github/CODEOWNERS"] * 2, ".github/ISSUE_TEMPLATE/config.yml", *["data/site.yml"] * 3, "mkdocs.yml",
    ]  # fmt: skip


def test_everything_is_named_at_once(ready: Path) -> None:
    for fault in ("repository", "address", "day", "schema", "nothing-unreleased", "tagged", "another-branch", "not-added"):
        FAULTS[fault][0](ready)
    assert len(wrong(ready)) == 8


def test_what_comes_after_an_edition_is_newer_and_can_be_compared(ready: Path) -> None:
    keep(ready)
    store(ready)
    assert wrong(ready) == [
        "data/site.yml:4:10: edition: edition 2026-11 has been released already; write the next one, for example 2026-12",
        "The tag edition-2026-11 of the last edition is not here, to compare with; run git fetch --tags.",
    ]
    git(ready, "tag", "edition-2026-11")
    next_edition(ready, "2027-05", "2026-11-21")
    store(ready)
    assert wrong(ready, date(2026, 11, 21)) == ["data/site.yml:5:15: edition_date: edition 2026-11 is of 2026-11-22; write a later day"]
    next_edition(ready, "2027-05", "2027-05-03")
    store(ready)
    assert wrong(ready, date(2027, 5, 3)) == []


def test_a_folder_without_a_repository_gets_an_answer(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(project.parent))
    found = wrong(project)
    assert "This folder is not in a Git repository, so there is nothing to compare it with; clone the repository with Git." in found
    assert changelog(project) is None


def test_settings_that_cannot_be_read_stop_a_release(ready: Path) -> None:
    (ready / "mkdocs.yml").write_text("site_url: [\n", "utf-8")
    store(ready)
    (found,) = wrong(ready)
    assert found.startswith("mkdocs.yml:2:1: not YAML")
