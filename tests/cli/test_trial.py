"""A change of one text is checked in a copy, and only the problems that it causes are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.cli.suggest.dry_run import tried
from macros.model.document import Loc
from macros.site_build.project import read_project

KEY = ("recommendation", "1a")


def found(project: Path, loc: Loc, old: str, new: str) -> list[str]:
    path = project / "data/recommendations/1a.yml"
    before = path.read_bytes()
    wrong = [p.wrong for p in tried(project, read_project(project), KEY, loc, new, before.replace(old.encode(), new.encode()))]
    assert path.read_bytes() == before
    return wrong


@pytest.mark.parametrize(
    ("loc", "old", "new", "wrong"),
    [
        (("ask", 0), "Did we ask in time?", "Did we ask in good time?", []),
        (("title",), "Ask early for ideas", "Organize", ["1 word", '"Organize" is an American spelling']),
        (("ask", 0), "Did we ask in time?", "We organize.", ["not a question", '"organize" is an American spelling']),
        (
            ("compact", 0, "because"),
            "People who are asked in time can still change the plan.",
            "No [[x]].",
            ["2 words", 'there is no term "x"'],
        ),
    ],
)
def test_every_rule_is_checked_though_one_of_the_field_is_broken(project: Path, loc: Loc, old: str, new: str, wrong: list[str]) -> None:
    assert sorted(found(project, loc, old, new)) == sorted(wrong)


def test_what_was_wrong_before_is_not_reported(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text("utf-8") + "\nWe organize it.\n", "utf-8")
    assert found(project, ("ask", 0), "Did we ask in time?", "Did we ask in good time?") == []
    (project / "data/values/trust.yml").write_text("x", "utf-8")
    assert found(project, ("ask", 0), "Did we ask in time?", "now.") == [], "nothing can be checked"
