"""Test the search evaluation: reading queries, matching results with concepts, and our own queries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from macros.model.framework import Framework
from macros.site_build.project import read_project
from tests import search_eval
from tests.cli.test_main import lay_site
from tests.conftest import TESTS
from tests.search_eval import Answer, Query, main, score
from tests.support.chromium import NoBrowserError


def test_the_search_answers_our_queries(site: Path, real: Framework, browser: Browser, pytestconfig: pytest.Config) -> None:
    asked, problems = search_eval.queries(TESTS / "queries.yml", real, site)
    assert problems == []
    assert len(asked) >= 59
    some = asked if pytestconfig.getoption("--all") else asked[::12]
    result = score(real, list(search_eval.ask(site, some, browser)))
    assert result.passed, result.line


@pytest.mark.parametrize(
    ("text", "wrong", "instead"),
    [
        ('- {q: "a", any: ["rec:2b"]}\n- {q: "b", any: ["rec:9z"]}', '2: "rec:9z" names nothing', ""),
        ('- {q: "c", any: []}', "1: not a query", 'any: ["rec:2f"'),
        ('- {q: "d", any: ["term:outcom"]}', '1: "term:outcom" names nothing', 'did you mean "outcome"?'),
        ('- {q: "a", any: ["term:deleted-term"]}', '1: "term:deleted-term" names nothing', "bring data/glossary/deleted-term.yml back"),
        ('- {q: "b", any: ["trem:outcome"]}', '1: "trem:outcome" names nothing', 'did you mean "term"?'),
        ('- {q: "c", any: ["zz"]}', '1: "zz" names nothing', "use one of: page, principle, rec, stage, term, url, value"),
        ('- {q: "c", any: ["url:about/source/"]}', '1: "url:about/source/" names nothing', "as in url:about/sources/"),
        ('- {q: "c", any: ["url:about/#gone"]}', '1: "url:about/#gone" names nothing', "as in url:about/sources/"),
        ("", "1: not a list of queries", 'any: ["rec:2f"'),
        ("a: 1\n", "1: not a list of queries", 'any: ["rec:2f"'),
        ("- [\n", "2: not YAML", 'any: ["rec:2f"'),
    ],
)
def test_a_mistake_in_the_queries_is_a_problem_at_its_line(tmp_path: Path, small: Framework, text: str, wrong: str, instead: str) -> None:
    (tmp_path / "about").mkdir()
    (tmp_path / "about/index.html").write_text('<h3 id="there">x</h3>')
    file = tmp_path / "queries.yml"
    file.write_text(f'{text}\n- {{q: "e", any: ["url:about/", "url:about/#there"]}}\n' if text.startswith("- {") else text, "utf-8")
    (problem,) = search_eval.queries(file, small, tmp_path)[1]
    assert f"{problem.line}: {problem.wrong}".startswith(wrong)
    assert instead in problem.instead


def test_a_former_id_names_the_record(project: Path) -> None:
    outcome, moved = project / "data/glossary/outcome.yml", project / "data/recommendations/2a.yml"
    outcome.write_text(outcome.read_text("utf-8") + "formerly: [result]\n", "utf-8")
    moved.write_text(moved.read_text("utf-8") + "formerly: [1c]\n", "utf-8")
    framework = read_project(project).framework
    assert framework is not None
    for concept, address in (
        ("term:result", "glossary/#outcome"),
        ("url:glossary/#result", "glossary/#outcome"),
        ("rec:1c", "stages/2-buy/#2a"),
        ("url:stages/1-plan/#1c", "stages/2-buy/#2a"),
    ):
        assert search_eval.right(framework, concept)(address), concept
        assert not search_eval.right(framework, concept)("glossary/#output"), concept


@pytest.mark.parametrize(
    ("concept", "address", "is_right"),
    [
        ("rec:2b", "stages/2-buy/#2b", True),
        ("rec:2b", "stages/2-buy/", True),
        ("rec:2b", "stages/2-buy/#2a", False),
        ("stage:2", "stages/2-buy/#2a", True),
        ("stage:2", "stages/1-plan/", False),
        ("term:outcome", "glossary/#outcome", True),
        ("term:outcome", "glossary/", False),
        ("value:trust", "values/#trust", True),
        ("principle", "compact/1-fairness/", True),
        ("principle", "compact/", False),
        ("principle:1", "compact/1-fairness/", True),
        ("principle:1", "compact/3-services/", False),
        ("page:law", "law/#procurement-act", True),
        ("page:home", "", True),
        ("page:home", "law/", False),
        ("url:about/sources/", "about/sources/", True),
        ("url:about/sources/", "about/sources/#small-law", True),
        ("url:/about/sources/", "about/sources/", True),
        ("url:about/sources/", "about/", False),
        ("url:glossary/#outcome", "glossary/#outcome", True),
        ("url:glossary/#outcome", "glossary/#output", False),
    ],
)
def test_the_addresses_that_answer_a_concept(small: Framework, concept: str, address: str, is_right: bool) -> None:
    assert search_eval.right(small, concept)(address) is is_right


def test_the_score_counts_right_results(small: Framework) -> None:
    def answer(*found: str) -> Answer:
        return Answer(Query("q", ("term:outcome",), 1), tuple((address, "") for address in found), 1000)

    good, third, none = answer("glossary/#outcome"), answer("a/", "b/", "glossary/#outcome"), answer()
    result = score(small, [good, third, none])
    assert (result.queries, result.first, result.three, result.passed) == (3, 1, 2, False)
    assert score(small, [good] * 9 + [third]).passed
    assert not score(small, [good] * 8 + [third] * 2).passed
    assert not score(small, [good] * 32 + [none]).passed
    assert search_eval.as_text(small, [third, none]).splitlines() == [
        "line 1: q: the right result is number 3; first a/",
        "line 1: q: no right result; first nothing",
    ]


@pytest.fixture
def asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of queries in the small project, which is the current folder; the search finds each, the theme's own none."""

    def ask(_: Path, asked: Sequence[Query]) -> Iterator[Answer]:
        yield from (Answer(query, (("glossary/#outcome", "Outcome"),), 1000) for query in asked)

    def ask_theme(site: Path, asked: Sequence[Query]) -> Iterator[Answer]:
        assert site.is_dir()
        yield from (Answer(query, (), 2000) for query in asked)

    monkeypatch.setattr(search_eval, "ask", ask)
    monkeypatch.setattr(search_eval, "ask_theme", ask_theme)
    monkeypatch.setattr(search_eval, "build_with_theme", lambda _root, target, _work: target.mkdir())
    monkeypatch.chdir(project)
    file = project / "queries.yml"
    file.write_text('- {q: "results", any: ["term:outcome"]}\n', "utf-8")
    return file


def test_the_command_prints_the_score_and_the_misses(asked: Path) -> None:
    missing = CliRunner().invoke(main, [str(asked)])
    assert missing.exit_code == 2
    assert "There is no site/ to search. Run svf build first." in missing.stderr
    lay_site(asked.parent)
    done = CliRunner().invoke(main, [str(asked)])
    assert (done.exit_code, done.stdout) == (0, "No misses.\n")
    assert done.stderr.startswith("hit@1 1/1 (100.0%, must be 90%)")
    as_json = CliRunner().invoke(main, [str(asked), "--format", "json"])
    assert json.loads(as_json.stdout) == [{"q": "results", "results": [{"address": "glossary/#outcome", "title": "Outcome"}]}]
    beside = CliRunner().invoke(main, [str(asked), "--beside-theme"])
    assert (beside.exit_code, beside.stdout) == (0, "No misses.\n")
    assert [line.split(" (")[0] for line in beside.stderr.splitlines()] == ["The theme's own search, same pages: hit@1 0/1", "hit@1 1/1"]


def test_the_command_fails_if_the_search_or_a_query_does(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_site(asked.parent)
    asked.write_text('- {q: "results", any: ["term:output"]}\n', "utf-8")
    poor = CliRunner().invoke(main, [str(asked)])
    assert (poor.exit_code, poor.stdout) == (1, "line 1: results: no right result; first glossary/#outcome\n")
    asked.write_text('- {q: "results", any: ["term:outputz"]}\n', "utf-8")
    wrong = CliRunner().invoke(main, [str(asked)])
    assert wrong.exit_code == 1
    assert ':1:1: "term:outputz" names nothing; did you mean "output"?' in wrong.stdout

    def no_browser(*_: object) -> Iterator[Answer]:
        raise NoBrowserError("There is no browser here.")

    monkeypatch.setattr(search_eval, "ask", no_browser)
    asked.write_text('- {q: "results", any: ["term:output"]}\n', "utf-8")
    without = CliRunner().invoke(main, [str(asked)])
    assert without.exit_code == 2
    assert "There is no browser here." in without.stderr
    assert "Traceback" not in without.output
