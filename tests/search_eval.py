"""Evaluate the search of the built site: `python -m tests.search_eval FILE` runs the queries of FILE in a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import click
import yaml
from playwright.sync_api import Browser, sync_playwright

from macros.cli.context import checked, project_root
from macros.model.framework import Framework
from macros.model.problem import did_you_mean
from macros.model.records import Principle, Recommendation, Stage
from tests.support.chromium import NoBrowserError, launched
from tests.support.http_server import served

HIT_1, HIT_3 = 95, 99
"""The required share of queries, in per cent, whose first result is right, and one of the first three."""
_PAGES = yaml.safe_load((Path(__file__).parent / "query_pages.yml").read_text("utf-8"))
_RECORDS = {"rec": "recommendation", "term": "term", "value": "value"}


class Query(NamedTuple):
    """A query, the concepts that answer it, and its line."""

    q: str
    any: tuple[str, ...]
    line: int


class Answer(NamedTuple):
    """The addresses of the results for a query, from the site's root; and the bytes fetched."""

    query: Query
    found: tuple[str, ...]
    size: int


def queries(file: Path, framework: Framework, site: Path) -> tuple[list[Query], list[str]]:
    """Return the queries of `file`, a YAML list, and its problems; each `url:` must be in the built `site`."""
    listed: list[Query] = []
    problems: list[str] = []
    text = file.read_text("utf-8")
    nodes, values = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    for node, value in zip(nodes.value, values, strict=True) if isinstance(nodes, yaml.SequenceNode) else ():
        line = node.start_mark.line + 1
        match value:
            case {"q": str(q), "any": [str(), *_] as concepts} if q.strip():
                listed.append(Query(q, tuple(concepts), line))
                advice = {concept: _advice(framework, concept, site) for concept in concepts}
                problems += [f'line {line}: "{concept}" names nothing; {what}' for concept, what in advice.items() if what is not None]
            case _:
                problems.append(f'line {line}: not a query; write - {{q: "the words", any: ["rec:2f", "term:outcome"]}}')
    return listed, problems if listed or problems else ["not a list of queries"]


def _advice(framework: Framework, concept: str, site: Path) -> str | None:
    """Return what to write instead of `concept`, or None if it names something."""
    kind, _, name = concept.partition(":")
    if kind in _RECORDS:
        return None if framework.find_now(_RECORDS[kind], name) else framework.instead_of(_RECORDS[kind], name, "concept")
    if kind == "url":
        path, _, anchor = name.lstrip("/").partition("#")
        page = site / path / "index.html"
        exists = page.is_file() and (not anchor or f'id="{anchor}"' in page.read_text("utf-8"))
        return None if exists else "write the address of a page or of a part of it, as in url:about/sources/"
    known = {
        "stage": [str(stage.number) for stage in framework.all(Stage)],
        "principle": ["", *(str(principle.number) for principle in framework.all(Principle))],
        "page": list(_PAGES),
    }
    if kind not in known:
        return did_you_mean(kind, (*known, "url", *_RECORDS))
    return None if name in known[kind] else did_you_mean(name, known[kind])


def right(framework: Framework, concept: str) -> Callable[[str], bool]:
    """Return a test of whether a result at an address answers `concept`."""
    kind, _, name = concept.partition(":")
    if kind in ("page", "url"):
        named = _PAGES[name] if kind == "page" else [name.lstrip("/")]
        moved = {old: record.url for record in framework.records.values() for old in record.old_urls}
        moved |= {f"{stage.url}#{old}": record.url for stage in framework.all(Stage) for old, record in framework.moved_away(stage)}
        pages = [moved.get(page, page) for page in named]
        return lambda address: any(address == page or address.startswith(f"{page}#") for page in pages)
    if kind in ("principle", "stage"):
        records: list[Principle | Stage] = [*framework.all(Principle), *framework.all(Stage)]
        guides = [record.url for record in records if record.kind == kind and name in ("", str(record.number))]
        return lambda address: address.partition("#")[0] in guides
    record = framework.find_now(_RECORDS[kind], name)
    assert record is not None
    shown = {record.url, f"{record.id}/", f"{name}/"} | (
        {framework.get(Stage, record.stage).url} if isinstance(record, Recommendation) else set()
    )
    return lambda address: address in shown


def place(framework: Framework, answer: Answer) -> int | None:
    """Return which result is the first right one, from 1, or None if none is."""
    tests = [right(framework, concept) for concept in answer.query.any]
    return next((n for n, address in enumerate(answer.found, 1) if any(test(address) for test in tests)), None)


def ask(site: Path, listed: Sequence[Query], browser: Browser | None = None) -> Iterator[Answer]:
    """Yield the first five results of each query in the search of the built `site`, as a reader sees them.

    Use `browser` if it is given; raise NoBrowserError if no other is found.
    """
    with served(site) as base, ExitStack() as stack:
        page = (browser or stack.enter_context(launched(stack.enter_context(sync_playwright())))).new_page()
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        page.goto(f"{base}search/")
        page.locator("#search-page[data-attached]").wait_for()  # until then, Enter loads the page again
        for query in listed:
            before = len(sizes)
            page.fill("#search-page input", query.q)
            page.press("#search-page input", "Enter")
            page.wait_for_function("words => document.querySelector('#search-page').dataset.shown === words", arg=query.q.strip())
            links = page.locator("#search-page .search-results a").evaluate_all("all => all.slice(0, 5).map(a => a.href)")
            yield Answer(query, tuple(link.removeprefix(base) for link in links), sum(sizes[before:]))
        page.close()


def score(framework: Framework, answers: Sequence[Answer]) -> tuple[bool, str]:
    """Return whether the search is as good as required, and a line that says how good it is."""
    places = [place(framework, answer) for answer in answers]
    total, first, three = len(places), places.count(1), sum(found is not None and found <= 3 for found in places)
    later = sum(answer.size for answer in answers[1:]) / max(1, len(answers) - 1)
    line = (
        f"hit@1 {first}/{total} ({first / total:.1%}, must be {HIT_1}%), hit@3 {three}/{total} ({three / total:.1%}, must be {HIT_3}%); "
        f"first query {answers[0].size / 1000:.0f} KB, then {later / 1000:.1f} KB each"
    )
    return 100 * first >= HIT_1 * total and 100 * three >= HIT_3 * total, line


def misses(framework: Framework, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a line for each query whose first result is not right: where the right one stands, and what stands first."""
    for answer in answers:
        if (found := place(framework, answer)) != 1:
            where = "no right result" if found is None else f"the right result is number {found}"
            yield f"line {answer.query.line}: {answer.query.q}: {where}; first {(*answer.found, 'nothing')[0]}"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path) -> None:
    """Search site/ for each query in FILE, and print how often the right result comes first.

    FILE is a YAML list: - {q: "the words", any: ["rec:2f", "term:outcome", "url:about/sources/"]}. The exit status is 1 if the
    first result is right for fewer than 95 % of the queries, or one of the first three for fewer than 99 %.
    """
    root = project_root()
    framework, site = checked(root).framework, root / "site"
    if framework is None or not (site / "search" / "index.html").is_file():
        raise click.UsageError("There is no site/ to search. Run svf build first.")
    listed, problems = queries(file, framework, site)
    if problems:
        sys.exit("\n".join(f"{file}: {problem}" for problem in problems))
    try:
        answers = list(ask(site, listed))
    except NoBrowserError as error:
        raise click.UsageError(str(error)) from None
    passed, line = score(framework, answers)
    click.echo("\n".join(misses(framework, answers)) or "No misses.")
    click.echo(line, err=True)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
