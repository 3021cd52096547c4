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
from tests.search_eval import Answer, Query, Verdict, main
from tests.support.chromium import NoBrowserError


def test_the_search_answers_our_queries(site: Path, real: Framework, browser: Browser, pytestconfig: pytest.Config) -> None:
    asked, problems = search_eval.queries(TESTS / "queries.yml", real, site)
    assert problems == []
    assert len(asked) >= 59
    some = asked if pytestconfig.getoption("--all") else asked[::12]
    verdict = Verdict.of(real, list(search_eval.ask(site, some, browser)))
    assert verdict.good, str(verdict)


def test_mistakes_in_a_file_of_queries_are_named_by_line(tmp_path: Path, small: Framework) -> None:
    file = tmp_path / "queries.yml"
    file.write_text(
        '- {q: "a", any: ["rec:2b"]}\n- {q: "b", any: ["rec:9z"]}\n- {q: "c", any: []}\n- {q: "d", any: ["term:outcom"]}\n', "utf-8"
    )
    found, problems = search_eval.queries(file, small)
    assert [query.q for query in found] == ["a", "b", "d"]
    assert [(problem.line, problem.wrong) for problem in problems] == [
        (2, '"rec:9z" names nothing'),
        (3, "not a query"),
        (4, '"term:outcom" names nothing'),
    ]
    assert "outcome" in problems[2].instead


def test_an_address_must_be_one_of_the_site(tmp_path: Path, small: Framework) -> None:
    (tmp_path / "site/about/sources").mkdir(parents=True)
    (tmp_path / "site/about/sources/index.html").write_text('<h3 id="small-law">Small law</h3>')
    file = tmp_path / "queries.yml"
    addresses = ("about/sources/", "about/sources/#small-law", "about/sources/#small-act", "about/source/", "")
    file.write_text("\n".join(f'- {{q: "a", any: ["url:{address}"]}}' for address in addresses), "utf-8")
    found, problems = search_eval.queries(file, small, tmp_path / "site")
    assert [query.any for query in found] == [(f"url:{address}",) for address in addresses]
    assert [problem.line for problem in problems] == [3, 4, 5]
    assert {problem.instead for problem in problems} == {"write the address of a page or of a part of it, as in url:about/sources/"}


def test_an_id_that_a_record_had_before_names_it_still(project: Path) -> None:
    outcome, moved = project / "data/glossary/outcome.yml", project / "data/recommendations/2a.yml"
    outcome.write_text(outcome.read_text("utf-8") + "formerly: [result]\n", "utf-8")
    moved.write_text(moved.read_text("utf-8") + "formerly: [1c]\n", "utf-8")
    framework = read_project(project).framework
    assert framework is not None
    file = project / "queries.yml"
    file.write_text('- {q: "a", any: ["term:result", "rec:1c", "url:stages/1-plan/#1c", "url:glossary/#result"]}\n', "utf-8")
    assert search_eval.queries(file, framework)[1] == []
    for concept, address in (
        ("term:result", "glossary/#outcome"),
        ("url:glossary/#result", "glossary/#outcome"),
        ("rec:1c", "stages/2-buy/#2a"),
        ("url:stages/1-plan/#1c", "stages/2-buy/#2a"),
    ):
        assert search_eval.right(framework, concept)(address), concept
        assert not search_eval.right(framework, concept)("glossary/#output"), concept


def test_a_deleted_record_is_named_with_what_to_do(tmp_path: Path, small: Framework) -> None:
    file = tmp_path / "queries.yml"
    file.write_text('- {q: "a", any: ["term:deleted-term"]}\n- {q: "b", any: ["trem:outcome"]}\n- {q: "c", any: ["zz"]}\n', "utf-8")
    assert [problem.instead for problem in search_eval.queries(file, small)[1]] == [
        "bring data/glossary/deleted-term.yml back, or remove the concept",
        'did you mean "term"?',
        "use one of: page, principle, rec, stage, term, url, value",
    ]


@pytest.mark.parametrize("text", ["", "a: 1\n", "- [\n", "just words\n"])
def test_what_is_no_list_of_queries_says_what_to_write(tmp_path: Path, small: Framework, text: str) -> None:
    file = tmp_path / "queries.yml"
    file.write_text(text, "utf-8")
    found, (problem,) = search_eval.queries(file, small)
    assert found == []
    assert 'any: ["rec:2f"' in problem.instead


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
def test_an_address_answers_a_concept(small: Framework, concept: str, address: str, is_right: bool) -> None:
    assert search_eval.right(small, concept)(address) is is_right


def test_a_verdict_counts_first_and_first_three(small: Framework) -> None:
    def answer(*found: str) -> Answer:
        return Answer(Query("q", ("term:outcome",), 1), tuple((address, "") for address in found), 1000)

    good, third, none = answer("glossary/#outcome"), answer("a/", "b/", "glossary/#outcome"), answer()
    verdict = Verdict.of(small, [good, third, none])
    assert (verdict.queries, verdict.first, verdict.three, verdict.good) == (3, 1, 2, False)
    assert Verdict.of(small, [good] * 9 + [third]).good
    assert not Verdict.of(small, [good] * 8 + [third] * 2).good
    assert not Verdict.of(small, [good] * 32 + [none]).good
    assert "hit@1 1/3 (33.3%, must be 90%)" in str(verdict)
    assert json.loads(search_eval.as_json([good])) == [{"q": "q", "results": [{"address": "glossary/#outcome", "title": ""}]}]
    assert search_eval.as_text(small, [good]) == "No misses."
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


def test_search_eval_says_how_often_the_right_result_comes_first(asked: Path) -> None:
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


def test_search_eval_fails_where_the_search_does_or_a_query_is_wrong(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
