"""Evaluate the search of the built site: `python -m tests.search_eval FILE` runs the queries of FILE in a browser."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import click
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from macros.cli.context import checked, project_root
from macros.model.core import Principle, Stage
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean, report
from macros.site_build.search_documents import settings
from tests.benchmarks.plain import build_with_theme
from tests.support.chromium import NoBrowserError, launched
from tests.support.http_server import served

HIT_1, HIT_3 = 90, 97
"""What the search must reach: the share of queries, in per cent, whose first result is right, and one of the first three."""
_RECORDS = {"rec": "recommendation", "term": "term", "value": "value"}
_CONCEPTS = ("stage", "principle", "page", "url", *_RECORDS)
_FORM = 'write - {q: "the words", any: ["rec:2f", "term:outcome"]}'


class Query(NamedTuple):
    """Words that somebody types, the concepts that answer them, and the line where they stand."""

    q: str
    any: tuple[str, ...]
    line: int


class Answer(NamedTuple):
    """What the search showed for a query: the address from the site's root and the title of each result; and the bytes that it fetched."""

    query: Query
    found: tuple[tuple[str, str], ...]
    size: int


def queries(file: Path, framework: Framework, site: Path | None = None) -> tuple[list[Query], list[Problem]]:
    """Return the queries of `file`, a YAML list, and what is wrong with it; each `url:` must be there in the built `site`, if given."""
    path, found, problems = file.as_posix(), [], []

    def wrong(line: int, what: str, instead: str) -> None:
        problems.append(Problem(path, line, 1, "query", what, instead))

    try:
        text = file.read_text("utf-8")
        root, values = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except UnicodeDecodeError:
        return [], [Problem(path, 1, 1, "query", "not plain text", "save the file as UTF-8")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [], [Problem(path, line, 1, "query", f"not YAML ({error.problem})", _FORM)]
    if not isinstance(values, list) or not values:
        return [], [Problem(path, 1, 1, "query", "not a list of queries", _FORM)]
    for node, value in zip(root.value if root else (), values, strict=True):
        line = node.start_mark.line + 1
        concepts = value.get("any") if isinstance(value, dict) else None
        if not isinstance(concepts, list) or not concepts or not isinstance(value.get("q"), str) or not value["q"].strip():
            wrong(line, "not a query", _FORM)
            continue
        for concept in concepts:
            if (instead := _unknown(framework, str(concept), site)) is not None:
                wrong(line, f'"{concept}" names nothing', instead or f"write the concept that answers: {', '.join(_CONCEPTS)}")
        found.append(Query(value["q"], tuple(map(str, concepts)), line))
    return found, problems


def _unknown(framework: Framework, concept: str, site: Path | None) -> str | None:
    """Return what to write in place of `concept`, or None if it names something."""
    kind, _, name = concept.partition(":")
    if concept == "principle":
        return None
    if kind in _RECORDS:
        return None if framework.find_now(_RECORDS[kind], name) else framework.instead_of(_RECORDS[kind], name, "concept")
    known = {
        "stage": [str(stage.number) for stage in framework.all(Stage)],
        "principle": [str(principle.number) for principle in framework.all(Principle)],
        "page": list(settings()["pages"]),
    }
    if kind == "url":
        return None if site is None or _is_there(site, name) else "write the address of a page or of a part of it, as in url:about/sources/"
    if kind not in known:
        return did_you_mean(kind, _CONCEPTS)
    return None if name in known[kind] else did_you_mean(name, known[kind])


def _is_there(site: Path, address: str) -> bool:
    """Return whether `address`, from the root of the built `site`, is a page of it, and its anchor an id there."""
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
    """Ask the search of the built `site`, as a reader would, and yield the first five results of each query.

    A `browser` that runs already may be given; raise NoBrowserError if none is, and none is found.
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
    """Ask the theme's own search of `site`, which was built with it, and yield the first five results of each query."""
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
    """Yield a page of a browser, the address at which `site` is served, and the sizes of what the page has fetched, in bytes."""
    with served(site) as base, ExitStack() as stack:
        page = (browser or stack.enter_context(launched(stack.enter_context(sync_playwright())))).new_page()
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        yield page, base, sizes
        page.close()


@dataclass(frozen=True)
class Verdict:
    """How many queries had the right result first, and among the first three; and the bytes moved: for the first, and then on average."""

    queries: int
    first: int
    three: int
    opening: int
    then: int

    @classmethod
    def of(cls, framework: Framework, answers: Sequence[Answer]) -> Verdict:
        """Return the verdict on `answers`."""
        places = [place(framework, answer) for answer in answers]
        later = [answer.size for answer in answers[1:]]
        three = sum(found is not None and found <= 3 for found in places)
        return cls(len(places), places.count(1), three, answers[0].size, round(sum(later) / max(1, len(later))))

    @property
    def good(self) -> bool:
        """Return whether the search reaches what it must."""
        return 100 * self.first >= HIT_1 * self.queries and 100 * self.three >= HIT_3 * self.queries

    def __str__(self) -> str:
        """Return the verdict in one line."""
        return (
            f"hit@1 {self.first}/{self.queries} ({self.first / self.queries:.1%}, must be {HIT_1}%), "
            f"hit@3 {self.three}/{self.queries} ({self.three / self.queries:.1%}, must be {HIT_3}%); "
            f"first query {self.opening / 1000:.0f} KB, then {self.then / 1000:.1f} KB each"
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
    verdict = Verdict.of(framework, answers)
    click.echo(as_json(answers) if form == "json" else as_text(framework, answers))
    if theme_answers:
        click.echo(f"The theme's own search, same pages: {Verdict.of(framework, theme_answers)}", err=True)
    click.echo(str(verdict), err=True)
    sys.exit(not verdict.good)


def _theme_answers(root: Path, asked: list[Query]) -> list[Answer]:
    """Build the pages of `root` with the theme's own search, and return its answers."""
    with TemporaryDirectory() as folder:
        build_with_theme(root, Path(folder, "site"), Path(folder, "source"))
        return list(ask_theme(Path(folder, "site"), asked))


if __name__ == "__main__":
    main()
