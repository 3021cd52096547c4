"""Titles, anchors and links of pages are checked before a build, at their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.site_build.project import read_project
from tests.history.test_revision import put

PAGE = "content/values.md"
HEAD = '---\ndescription: "The values of the small framework, for the tests."\n---\n\n'


def problems(project: Path, text: str) -> list[tuple[int, str]]:
    (project / PAGE).write_text(HEAD + text, "utf-8")
    return [(p.line - HEAD.count("\n"), p.message) for p in read_project(project).errors if p.path == PAGE]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# Values\n\n{{ values() }}\n\n# Another title\n", 5, "a second title; write ## instead of #"),
        ("{{ values() }}\n", 1, "the page has no title; begin it with # and the title"),
        ("## Values\n\n{{ values() }}\n", 1, "the page has no title"),
        ("## First\n\n# Values\n\n{{ values() }}\n", 1, "a heading above the title"),
        ("# Values\n\n{{ values() }}\n\n##\n", 5, "an empty heading"),
        ("# Values\n\n#### Deep\n\n{{ values() }}\n", 3, "a heading of level 4 below one of level 1; write ## instead of ####"),
        ("# Values\n\n## A {: #x }\n\n## B {: #x }\n\n{{ values() }}\n", 5, 'the anchor "x" is used twice (first in line 7)'),
        ('# Values\n\n{{ stage_guide("1-plan") }}\n\n{{ values() }}\n', 3, "a second title"),
        ("# Values\n\n{{ values() }}\n\nSee [it](glosary.md).\n", 5, '"glosary.md" leads to no page; did you mean "glossary.md"?'),
        (
            "# Values\n\n{{ values() }}\n\nSee\n[it](glossary.md#outcom).\n",
            6,
            '"glossary.md#outcom" leads to no anchor of content/glossary.md; did you mean "glossary.md#outcome"?',
        ),
        ("# Values\n\n{{ values() }}\n\nSee [it](#trst).\n", 5, '"#trst" leads to no anchor of content/values.md; did you mean "#trust"?'),
        (
            "# Values\n\n{{ values() }}\n\nSee [it](../glossary/).\n",
            5,
            '"../glossary/" leads to a folder; write the path of the page: glossary.md',
        ),
        (
            '# Values\n\n{{ values() }}\n\nSee <a href="../glosary/">it</a>.\n',
            5,
            '"../glosary/" leads to no page; did you mean "../glossary/"?',
        ),
        (
            "# Values\n\n{{ values() }}\n\nSee [it](https://framework.example.org/glosary/#nope).\n",
            5,
            '"https://framework.example.org/glosary/#nope" leads to no page; did you mean "https://framework.example.org/glossary/"?',
        ),
        (
            "# Values\n\n{{ values() }}\n\nSee <http://www.framework.example.org/glossary/#nope>.\n",
            5,
            '"http://www.framework.example.org/glossary/#nope" leads to no anchor of content/glossary.md',
        ),
    ],
)
def test_a_fault_is_a_problem_at_its_line(project: Path, text: str, line: int, message: str) -> None:
    ((at, found),) = problems(project, text)
    assert (at, found[: len(message)]) == (line, message)


@pytest.mark.parametrize(
    "link",
    [
        "[it](glossary.md#outcome)",
        "[it](#trust)",
        "[it](https://framework.example.org/glossary/#outcome)",
        "[it](https://framework.example.org/1a/)",
        "[it](https://elsewhere.example.org/glosary/)",
        '<a href="../glossary/#outcome">it</a>',
        "[it](values.md#content)",
        "`[it](glosary.md)`",
    ],
)
def test_a_working_link_is_fine(project: Path, link: str) -> None:
    assert problems(project, f"# Values\n\n{{{{ values() }}}}\n\nSee {link}.\n") == []


def test_a_link_in_a_record_to_the_sites_own_address_is_checked(project: Path) -> None:
    link = "meaning: |-\n  See [it](https://framework.example.org/glosary/).\n"
    put(project, "data/glossary/outcome.yml", "meaning: |-\n", link)
    (problem,) = read_project(project).errors
    assert problem.message == (
        'meaning: "https://framework.example.org/glosary/" leads to no page; did you mean "https://framework.example.org/glossary/"?'
    )


def test_two_pages_with_one_address_are_problems(project: Path) -> None:
    (project / "content/values").mkdir()
    (project / "content/values/index.md").write_text(f"{HEAD}# Words\n\nWords.\n", "utf-8")
    (project / "content/1a.md").write_text(f"{HEAD}# Words\n\nWords.\n", "utf-8")
    assert [(p.path, p.wrong) for p in read_project(project).errors] == [
        ("content/1a.md", "/1a/ is an address that the build makes"),
        ("content/values.md", "has the address of content/values/index.md"),
    ]
