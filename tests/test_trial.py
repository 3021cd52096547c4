"""What a change of one text does wrong is found whole, in a copy, and nothing that was wrong before is put down to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.project import read_project
from macros.source import Loc
from macros.trial import tried

KEY = ("recommendation", "1a")


def found(project: Path, loc: Loc, old: str, new: str) -> list[str]:
    path = "data/recommendations/1a.yml"
    before = (project / path).read_bytes()
    wrong = [p.wrong for p in tried(project, read_project(project), KEY, loc, before.replace(old.encode(), new.encode()))]
    assert (project / path).read_bytes() == before
    return wrong


def test_a_good_text_is_good(project: Path) -> None:
    assert found(project, ("ask", 0), "in time?", "in good time?") == []


@pytest.mark.parametrize(
    ("loc", "old", "new", "wrong"),
    [
        (("title",), "Ask early for ideas", "Organize", ["1 word", '"Organize" is an American spelling']),
        (("ask", 0), "Did we ask in time?", "We organize.", ["not a question", '"organize" is an American spelling']),
        (("do", 1, "step"), "Say what you have seen", "Organize what you have  seen", ['"Organize" is an American spelling', "two spaces"]),
        (
            ("compact", 0, "because"),
            "People who are asked in time can still change the plan.",
            "No [[x]].",
            ["2 words", 'there is no term "x"'],
        ),
    ],
)
def test_every_rule_is_asked_though_one_of_the_field_is_broken(project: Path, loc: Loc, old: str, new: str, wrong: list[str]) -> None:
    said = found(project, loc, old, new)
    assert len(said) == len(set(said)) == len(wrong), said
    assert all(any(one in each for each in said) for one in wrong), said


def test_what_was_wrong_before_is_not_told(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text("utf-8") + "\nWe organize it.\n", "utf-8")
    assert found(project, ("ask", 0), "in time?", "in good time?") == []
    (project / "data/values/trust.yml").write_text("x", "utf-8")
    assert found(project, ("ask", 0), "in time?", "now.") == [], "nothing can be said"
