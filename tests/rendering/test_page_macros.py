"""Test the output of every macro for the small framework against tests/expected/macro/."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

import pytest

from macros.history.editions import Editions
from macros.model.framework import Framework
from macros.model.output import Output
from macros.rendering.environment import Renderer
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import Project
from tests.model.test_public_view import STAMP

ARGUMENTS = {
    "stage": ["1-find-out", "3-look-back"],
    "stage_guide": ["1-find-out", "3-look-back"],
    "recommendation_page": ["1a", "3b", "3c"],
    "template": ["letter"],
    "recommendation": ["1a", "3b", "3c"],
    "stage_neighbours": ["1-find-out", "2-agree"],
    "principle": ["2-fair-money"],
    "audience": ["commissioner", "provider"],
    "link": ["1a", "term/outcome"],
    "meaning": ["outcome"],
    "point": ["intro"],
    "events": ["compact"],
}
MADE = {"stage-1-find-out.pdf": (3000, 4), "stage-1-find-out-checklist.pdf": (1500, 1), "stage-1-find-out-summary.pdf": (1600, 1)}
MADE |= {"framework.pdf": (900_000, 98), "glossary.pdf": (9, 2), "provider-guide.pdf": (2000, 3)}
DOWNLOADS = {f"downloads/{name}": Output(f"downloads/{name}", b"x" * size, pages) for name, (size, pages) in MADE.items()}
CALLS = [(name, argument) for name in PageMacros.names() for argument in ARGUMENTS.get(name, [""])]


@pytest.mark.parametrize(("name", "argument"), CALLS, ids=lambda text: str(text).replace("/", "-"))
def test_macro(name: str, argument: str, small: Framework, expected: Callable[[str, str], None]) -> None:
    macro = PageMacros(small, lambda: "some/page/", downloads=DOWNLOADS).macros()[name]
    text = macro(argument) if argument else macro()
    assert "undefined" not in text.lower()
    file = f"{name}.{argument.replace('/', '-')}.txt" if argument else f"{name}.txt"
    expected(f"macro/{file}", text)


def test_added_and_withdrawn_recommendations_say_so(small: Framework) -> None:
    library = PageMacros(small, str)
    assert 'Added since the report, in <span class="edition">edition 2026-11</span>' in library.recommendation("3b")
    assert "<h4>Proposed</h4>" in library.recommendation("3b")
    assert "Added since" not in library.recommendation("1a")
    assert "Proposed" not in library.recommendation("1a")
    gone = library.recommendation("3c")
    assert 'Withdrawn in <span class="edition">edition 2026-11</span>. It said too little.' in gone
    assert ">3b. Start the next plan early</a>" in gone


@pytest.mark.parametrize(("left_out", "rest"), [("example", "Templates"), ("template", "Example")])
def test_headings_name_only_what_there_is(left_out: str, rest: str, small: Framework) -> None:
    fewer = Framework({key: record for key, record in small.records.items() if key[0] != left_out}, small.documents)
    assert f"<dt>{rest}</dt>" in PageMacros(fewer, str).stage("1-find-out")
    assert f"<h1>{rest} and where to start</h1>" in Renderer(fewer, str).render("guides/to_use.html.j2", stamp=STAMP)


def test_withdrawn_recommendations_are_in_no_list(small: Framework) -> None:
    library = PageMacros(small, str)
    for text in (library.values(), library.principle("2-fair-money"), library.audience("provider"), library.stage_cards()):
        assert ">3b" in text
        assert ">3c" not in text
    guide = library.stage_guide("3-look-back")
    assert "(withdrawn) {: #3c data-print-for=" in guide
    checklist = guide.partition('<div class="checklist">')[2]
    assert ">3b. " in checklist
    assert ">3c. " not in checklist


def test_an_undertaking_shows_only_a_checked_number(small: Framework) -> None:
    library = PageMacros(small, str)
    assert "1.1, the public sector: Give people" in library.principle("1-equal-voice")
    text = library.principle("2-fair-money")
    assert "2.1" not in text
    assert "The public sector: Pay within a month" in text


def test_pages_say_how_the_publisher_takes_complaints_and_anonymous_suggestions(small: Framework) -> None:
    def rendered(macro: str, **settings: str) -> str:
        site = small.site.model_copy(update=settings)
        framework = Framework({**small.records, ("site", "site"): site}, small.documents)
        return " ".join(getattr(PageMacros(framework, str), macro)().split())

    assert rendered("enforcement").startswith("<p>Testshire Council publishes this site and answers messages. If you are not satisfied")
    assert "answers messages within 10 working days." in rendered("enforcement", answers="10 working days")
    assert "comes by email, within 10 working days. On GitHub" in rendered("post", answers="10 working days")
    assert rendered("enforcement", publisher="Not yet named") == "<p>This draft has no publisher yet, so nobody can answer complaints.</p>"
    assert "The one way is to ask someone else to send it" in rendered("anonymity")
    assert rendered("anonymity", post="1 High Street").startswith("<p>A letter need not show who you are.")


def test_what_is_rendered_once_while_serving_does_not_depend_on_pages(small_project: Project, small: Framework) -> None:
    one, other = ({"intro": ()}, Editions((), "0a1b2c3d")), ({"intro": small_project.pages}, Editions((), "4e5f6a7b"))
    differing = set()
    for name, macro in PageMacros.names().items():
        if not inspect.signature(macro).parameters:
            before, after = (getattr(PageMacros(small, str, pages, {}, editions), name)() for pages, editions in (one, other))
            differing |= {name} if before != after else set()
    made = PageMacros(small, str).macros()
    assert "coverage" in differing
    assert {name for name in differing if isinstance(made[name], functools.partial)} == set()
