"""Test the search evaluation: reading queries, matching results with concepts, and our own queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from macros.model.framework import Framework
from tests import search_eval
from tests.cli.test_main import lay_site
from tests.conftest import TESTS, cases, framework_of
from tests.search_eval import Answer, Query, main, misses, score


@pytest.mark.our_content
def test_the_search_answers_our_queries(site: Path, real: Framework, browser: Browser, pytestconfig: pytest.Config) -> None:
    listed, problems = search_eval.queries(TESTS / "queries.yml", real, site)
    assert problems == []
    assert len(listed) >= 59
    some = listed if pytestconfig.getoption("--all") else listed[::12]
    passed, line = score(real, list(search_eval.ask(site, some, browser)))
    assert passed, line


@pytest.mark.parametrize(("text", "problem"), cases("search_eval.a_mistake_in_the_queries_is_reported_with_its_line"))
def test_a_mistake_in_the_queries_is_reported_with_its_line(tmp_path: Path, small: Framework, text: str, problem: str) -> None:
    (tmp_path / "about").mkdir()
    (tmp_path / "about/index.html").write_text('<h3 id="there">x</h3>')
    file = tmp_path / "queries.yml"
    file.write_text(f'- {{q: "e", any: ["url:about/", "url:about/#there"]}}\n{text}\n', "utf-8")
    (reported,) = search_eval.queries(file, small, tmp_path)[1]
    assert reported.startswith(f"line 2: {problem}")
    file.write_text("a: 1\n", "utf-8")
    assert search_eval.queries(file, small, tmp_path) == ([], ["not a list of queries"])


def test_a_former_id_names_the_record(project: Path) -> None:
    for path, old in (("data/glossary/outcome.yml", "result"), ("data/recommendations/2a.yml", "1d")):
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(f"formerly: [{old}]\n")
    framework = framework_of(project)
    for concept, address in (
        ("term:result", "glossary/#outcome"),
        ("url:glossary/#result", "glossary/#outcome"),
        ("rec:1d", "2a/"),
        ("url:stages/1-find-out/#1d", "2a/"),
    ):
        assert search_eval.right(framework, concept)(address), concept
        assert not search_eval.right(framework, concept)("glossary/#output"), concept


@pytest.mark.parametrize(("concept", "answers", "others"), cases("search_eval.the_addresses_that_answer_a_concept"))
def test_the_addresses_that_answer_a_concept(small: Framework, concept: str, answers: list[str], others: list[str]) -> None:
    assert [address for address in answers + others if search_eval.right(small, concept)(address)] == answers


def test_the_score_counts_right_results(small: Framework) -> None:
    def answer(*found: str) -> Answer:
        return Answer(Query("q", ("term:outcome",), 1), found, 1000)

    good, third, none = answer("glossary/#outcome"), answer("a/", "b/", "glossary/#outcome"), answer()
    passed, line = score(small, [good, third, none])
    assert (passed, line.split(" (")[0], line.split("), ")[1].split(" (")[0]) == (False, "hit@1 1/3", "hit@3 2/3")
    assert score(small, [good] * 19 + [third])[0]
    assert not score(small, [good] * 18 + [third] * 2)[0]
    assert not score(small, [good] * 98 + [none])[0]
    assert list(misses(small, [good, third, none])) == [
        "line 1: q: the right result is number 3; first a/",
        "line 1: q: no right result; first nothing",
    ]


def test_the_command_prints_the_score_and_the_misses(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_: Path, listed: Sequence[Query]) -> Iterator[Answer]:
        yield from (Answer(query, ("glossary/#outcome",), 1000) for query in listed)

    def run(concept: str) -> tuple[int, str]:
        (project / "queries.yml").write_text(f'- {{q: "results", any: ["term:{concept}"]}}\n', "utf-8")
        done = CliRunner().invoke(main, ["queries.yml"])
        return done.exit_code, done.output.partition(" (")[0]

    monkeypatch.chdir(project)
    monkeypatch.setattr(search_eval, "ask", ask)
    assert "There is no site/ to search. Run svf build first." in run("outcome")[1]
    lay_site(project)
    assert run("outcome") == (0, "No misses.\nhit@1 1/1")
    assert run("output") == (1, "line 1: results: no right result; first glossary/#outcome\nhit@1 0/1")
    assert run("outputz") == (1, 'queries.yml: line 1: "term:outputz" names nothing; did you mean "output"?\n')
