"""The notes of an edition are its section of the changelog, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.notes import NoNotesError, notes_of

from .conftest import Done, svf

CHANGELOG = """# Changelog

## Unreleased

- Not yet.

## Edition 2027-05, 3 May 2027

The site:

- New words.

### For readers

- More.

## Edition 2026-11, 22 November 2026

- First.

## Edition 2026-05, 1 May 2026
"""


def test_an_edition_gets_its_own_section() -> None:
    assert notes_of(CHANGELOG, "2027-05") == "The site:\n\n- New words.\n\n### For readers\n\n- More.\n"
    assert notes_of(CHANGELOG, "2026-11") == "- First.\n"


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        ("2026-12", 'no section of edition 2026-12; did you mean "2026-11"?'),
        ("2026", "no section of edition 2026"),
        ("2026-05", "is empty; write what changed"),
    ],
)
def test_what_is_missing_gets_an_answer(edition: str, said: str) -> None:
    with pytest.raises(NoNotesError, match=r".") as error:
        notes_of(CHANGELOG, edition)
    assert said in str(error.value)


def test_a_changelog_without_editions_says_what_makes_one() -> None:
    with pytest.raises(NoNotesError, match="svf release makes the section"):
        notes_of("# Changelog\n\n## Unreleased\n", "2026-11")


def test_the_command(project: Path) -> None:
    def run(*words: str) -> Done:
        return svf(project, "notes", *words)

    assert run("edition-2026-11").returncode == 2
    (project / "CHANGELOG.md").write_text(CHANGELOG)
    done = run("edition-2026-11")
    assert (done.returncode, done.stdout, done.stderr) == (0, "- First.\n", "")
    done = run("edition-2020-01")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: CHANGELOG.md has no section of edition 2020-01")
    assert "is like edition-2026-11" in run("2026-11").stderr
