"""What readers would see raw is a problem, and the same inside code is none; the faults themselves are in tests/broken/."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.checks.relations import CHECKS
from macros.loading.loader import load


def said(project: Path, text: str) -> list[tuple[int, str]]:
    file = project / "data/values/trust.yml"
    file.write_text(file.read_text().replace("Each side believes the other.", text))
    return [(p.column, p.wrong) for p in load(project, CHECKS)[1]]


@pytest.mark.parametrize(
    "text", ["Write `<b>` and `{{ x }}`.", "See <https://a.example/b>.", "1 < 2 and 3 > 2.", "Use [words](1a) and [[outcome|outcomes]]."]
)
def test_what_is_fine(project: Path, text: str) -> None:
    assert said(project, text) == []


@pytest.mark.parametrize(
    ("text", "column", "wrong"),
    [
        ("Ask {{ values() }}.", 7, "the braces of a macro"),
        ("Ask <b>now</b>.", 7, "HTML does not work in a record"),
        ("See ![x](1a).", 7, "pictures do not work in a record"),
        ("An [[outcome] here.", 6, "half a link to a term"),
    ],
)
def test_what_is_not(project: Path, text: str, column: int, wrong: str) -> None:
    assert said(project, text)[0] == (column, wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Each side believes the other.search:", '"search:" inside the text'),
        ("Each side believes the other. points: |-", '"points:" inside the text'),
        ("Each side believes the other.\n  search:", '"search:" inside the text'),
        ("Each side believes the other.\n  - title: trust.", '"title:" inside the text'),
    ],
)
def test_a_key_inside_prose_is_named(project: Path, text: str, wrong: str) -> None:
    assert wrong in [w for _, w in said(project, text)]


@pytest.mark.parametrize(
    "text", ["Say this when you search: trust.", "Look for one number: trust. It lasts.", "Say what you search:\n  - Trust."]
)
def test_a_colon_inside_prose_is_fine(project: Path, text: str) -> None:
    assert not [wrong for _, wrong in said(project, text) if "inside the text" in wrong]
