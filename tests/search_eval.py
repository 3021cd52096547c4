"""Evaluate the search of the built site: `python -m tests.search_eval FILE` runs the queries of FILE in a browser."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import click
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from macros.cli.context import checked, project_root
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean, report
from macros.model.records import Principle, Stage
from macros.site_build.search_documents import settings
from tests.benchmarks.plain import build_with_theme
from tests.support.chromium import NoBrowserError, launched
from tests.support.http_server import served

HIT_1, HIT_3 = 90, 97
"""The required share of queries, in per cent, whose first result is right, and one of the first three."""
_RECORDS = {"rec": "recommendation", "term": "term", "value": "value"}
_CONCEPTS = ("stage", "principle", "page", "url", *_RECORDS)
_EXAMPLE = 'write - {q: "the words", any: ["rec:2f", "term:outcome"]}'


class Query(NamedTuple):
    """A query, the concepts that answer it, and its line."""

    q: str
    any: tuple[str, ...]
    line: int


class Answer(NamedTuple):
    """The results for a query, each an address from the site's root and a title; and the bytes fetched."""

    query: Query
    found: tuple[tuple[str, str], ...]
    size: int


def queries(file: Path, framework: Framework, site: Path | None = None) -> tuple[list[Query], list[Problem]]:
    """Return the queries of `file`, a YAML list, and its problems; if the built `site` is given, each `url:` must be in it."""
    path, found, problems = file.as_posix(), [], []

    def problem(line: int, wrong: str, instead: str = _EXAMPLE) -> None:
        problems.append(Problem(path, line, 1, "query", wrong, instead))

    try:
        text = file.read_text("utf-8")
        root, values = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        problem(error.problem_mark.line + 1 if error.problem_mark else 1, f"not YAML ({error.problem})")
        return [], problems
    if not isinstance(values, list) or not values:
        problem(1, "not a list of queries")
        return [], problems
    for node, value in zip(root.value if root else (), values, strict=True):
        line = node.start_mark.line + 1
        match value:
            case {"q": str(q), "any": [*concepts]} if q.strip() and concepts:
                for concept in map(str, concepts):
                    if (instead := _unknown(framework, concept, site)) is not None:
                        problem(line, f'"{concept}" names nothing', instead or f"use one of: {', '.join(_CONCEPTS)}")
                found.append(Query(q, tuple(map(str, concepts)), line))
            case _:
                problem(line, "not a query")
    return found, problems


def _unknown(framework: Framework, concept: str, site: Path | None) -> str | None:
    """Return what to write instead of `concept`, or None if it names something."""
    kind, _, name = concept.partition(":")
    if concept == "principle":
        return None
    if kind in _RECORDS:
        return None if framework.find_now(_RECORDS[kind], name) else framework.instead_of(_RECORDS[kind], name, "concept")
    if kind == "url":
        return None if site is None or _exists(site, name) else "write the address of a page or of a part of it, as in url:about/sources/"
    known = {
        "stage": [str(stage.number) for stage in framework.all(Stage)],
        "principle": [str(principle.number) for principle in framework.all(Principle)],
        "page": list(settings()["pages"]),
    }
    if kind not in known:
        return did_you_mean(kind, _CONCEPTS)
    return None if name in known[kind] else did_you_mean(name, known[kind])


def _exists(site: Path, address: str) -> bool:
    """Return whether the built `site` has the page `address`, with its anchor."""
    path, _, anchor = address.partition("#")
    file = site / path.lstrip("/") / "index.html"
    return file.is_file() and (not anchor or f'id="{anchor}"' in file.read_text("utf-8"))


def right(framework: Framework, concept: str) -> Callable[[str], bool]:
    """Return a test of whether a result at an address answers `concept`."""
    kind, _, name = concept.partition(":")
    if kind == "principle":
        kept = {key[1]: record.url for key, record in framework.records.items() if key[0] == kind}
        addresses = [url for record_id, url in kept.items() if not name or record_id.startswith(f"{name}-")]
        return lambda address: address.partition("#")[0] in addresses
    if kind in ("page", "url"):
        named = settings()["pages"][name] if kind == "page" else [name.lstrip("/")]
        pages = [framework.moved.get(page, page) for page in named]
        return lambda address: any(address == page or address.startswith(f"{page}#") for page in pages)
    if kind == "stage":
        (guide,) = (stage.url for stage in framework.all(Stage) if str(stage.number) == name)
        return lambda address: address.partition("#")[0] == guide
    record = framework.find_now(_RECORDS[kind], name)
    assert record is not None
    shown = {record.url, f"{record.id}/", f"{name}/"} | ({record.url.partition("#")[0]} if kind == "rec" else set())
    return lambda address: address in shown


def place(framework: Framework, answer: Answer) -> int | None:
    """Return which result is the first right one, from 1, or None if none is."""
    tests = [right(framework, concept) for concept in answer.query.any]
    return next((n for n, (address, _) in enumerate(answer.found, 1) if any(test(address) for test in tests)), None)


def ask(site: Path, asked: Sequence[Query], browser: Browser | None = None) -> Iterator[Answer]:
    """Yield the first five results of each query in the search of the built `site`, as a reader sees them.

    Use `browser` if it is given; raise NoBrowserError if no other is found.
    """
    with _page(site, browser) as (page, base, sizes):
        page.goto(f"{base}search/")
        for query in asked:
            before = len(sizes)
            page.fill("#search-page input", query.q)
            page.press("#search-page input", "Enter")
            page.wait_for_function("words => document.querySelector('#search-page').dataset.shown === words", arg=query.q.strip())
            links = page.locator("#search-page .search-results a").evaluate_all("all => all.slice(0, 5).map(a => [a.href, a.textContent])")
            yield Answer(query, tuple((href.removeprefix(base), title) for href, title in links), sum(sizes[before:]))


def ask_theme(site: Path, asked: Sequence[Query]) -> Iterator[Answer]:
    """Yield the first five results of each query in the theme's own search, with which `site` was built."""
    with _page(site) as (page, base, sizes):
        page.goto(base)
        for query in asked:
            before = len(sizes)
            page.goto(f"{base}?q={quote(query.q)}")
            page.wait_for_function(
                "document.querySelector('.md-search-result__meta')?.textContent.trim().match(/\\d|No matching/)", timeout=20_000
            )
            links = page.locator(".md-search-result__link").evaluate_all(
                "all => all.slice(0, 5).map(a => [a.href.replace(/[?]h=[^#]*/, ''), a.querySelector('h1, h2').textContent])"
            )
            yield Answer(query, tuple((href.removeprefix(base), title) for href, title in links), sum(sizes[before:]))


@contextmanager
def _page(site: Path, browser: Browser | None = None) -> Iterator[tuple[Page, str, list[int]]]:
    """Yield a browser page, the address at which `site` is served, and the sizes of the page's requests in bytes."""
    with served(site) as base, ExitStack() as stack:
        page = (browser or stack.enter_context(launched(stack.enter_context(sync_playwright())))).new_page()
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        yield page, base, sizes
        page.close()


class Score(NamedTuple):
    """The numbers of queries, of right first results, and of right results in the first three; and a line that describes them."""

    queries: int
    first: int
    three: int
    line: str

    @property
    def passed(self) -> bool:
        """Return whether the search is as good as required."""
        return 100 * self.first >= HIT_1 * self.queries and 100 * self.three >= HIT_3 * self.queries


def score(framework: Framework, answers: Sequence[Answer]) -> Score:
    """Return the score of `answers`."""
    places = [place(framework, answer) for answer in answers]
    total, first, three = len(places), places.count(1), sum(found is not None and found <= 3 for found in places)
    later = sum(answer.size for answer in answers[1:]) / max(1, len(answers) - 1)
    return Score(
        total,
        first,
        three,
        f"hit@1 {first}/{total} ({first / total:.1%}, must be {HIT_1}%), hit@3 {three}/{total} ({three / total:.1%}, must be {HIT_3}%); "
        f"first query {answers[0].size / 1000:.0f} KB, then {later / 1000:.1f} KB each",
    )


def as_json(answers: Sequence[Answer]) -> str:
    """Return, for each query, the addresses and titles of its first five results, in order, as JSON."""
    found = [{"q": a.query.q, "results": [{"address": address, "title": title} for address, title in a.found]} for a in answers]
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(framework: Framework, answers: Sequence[Answer]) -> str:
    """Return a line for each query whose first result is not right: where the right one stands, and what stands first."""
    lines = []
    for answer in answers:
        if (found := place(framework, answer)) != 1:
            first = answer.found[0][0] if answer.found else "nothing"
            where = "no right result" if found is None else f"the right result is number {found}"
            lines.append(f"line {answer.query.line}: {answer.query.q}: {where}; first {first}")
    return "\n".join(lines) or "No misses."


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format.")
@click.option("--beside-theme", is_flag=True, help="Also run the queries in the theme's own search.")
def main(file: Path, form: str, beside_theme: bool) -> None:
    """Search site/ for each query in FILE, and print how often the right result comes first.

    FILE is a YAML list: - {q: "the words", any: ["rec:2f", "term:outcome", "url:about/sources/"]}. The exit status is 1 if the
    first result is right for fewer than 90 % of the queries, or one of the first three for fewer than 97 %.
    """
    root = project_root()
    framework = checked(root).framework
    if framework is None or not (root / "site" / "search" / "index.html").is_file():
        raise click.UsageError("There is no site/ to search. Run svf build first.")
    asked, problems = queries(file, framework, root / "site")
    if problems:
        click.echo(report(tuple(problems)))
        sys.exit(1)
    try:
        answers = list(ask(root / "site", asked))
        theme_answers = _theme_answers(root, asked) if beside_theme else []
    except NoBrowserError as error:
        raise click.UsageError(str(error)) from None
    result = score(framework, answers)
    click.echo(as_json(answers) if form == "json" else as_text(framework, answers))
    if theme_answers:
        click.echo(f"The theme's own search, same pages: {score(framework, theme_answers).line}", err=True)
    click.echo(result.line, err=True)
    sys.exit(not result.passed)


def _theme_answers(root: Path, asked: list[Query]) -> list[Answer]:
    """Build the pages of `root` with the theme's own search, and return its answers."""
    with TemporaryDirectory() as folder:
        build_with_theme(root, Path(folder, "site"), Path(folder, "source"))
        return list(ask_theme(Path(folder, "site"), asked))


if __name__ == "__main__":
    main()
