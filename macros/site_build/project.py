"""A project's folder: its records and pages, checked together before anything is built."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from macros.checks.house_style import WORDING, slips
from macros.checks.page_html import unsafe
from macros.checks.page_markdown import misread
from macros.checks.page_outline import Addresses, colliding, dead, misplaced, outline
from macros.checks.relations import CHECKS, FIRST
from macros.checks.settings import Settings, menu_problems, read_settings
from macros.history.edition_checks import edition_checks
from macros.history.editions import Editions
from macros.history.snapshot import Snapshot, behind, read_editions
from macros.loading.discover import Tree, state, tree
from macros.loading.loader import ENOUGH, NOT_RECORDS, load
from macros.loading.pages import Call, Page, calls, misnamed, pages, unknown_terms, unprintable
from macros.loading.validation import MOST
from macros.loading.yaml_reader import setting
from macros.model.base import Record
from macros.model.core import Recommendation
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.problem import InvalidDataError, Problem
from macros.model.singletons import Words
from macros.rendering.article import article
from macros.rendering.page_macros import Library, Shown, has_title
from macros.text.characters import faults
from macros.text.inline_markdown import links
from macros.text.normalisation import normalised


@dataclass(frozen=True, eq=False)
class Project:
    """What was read in `root`: the framework (None if a record is wrong), pages, which of them cite a point, and problems, sorted.

    `snapshots` are what the editions said that have been released, the oldest first.
    """

    root: Path
    framework: Framework | None
    pages: tuple[Page, ...]
    citations: Mapping[str, tuple[Shown, ...]]
    problems: tuple[Problem, ...]
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop a build."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def draft(self) -> bool:
        """Return whether nobody publishes the site yet: data/site.yml names no publisher, or an address in it is an example."""
        return any(problem.name == "placeholder" for problem in self.problems)

    @functools.cached_property
    def revision(self) -> str:
        """Return 8 hexadecimal digits made from the records and pages: the same words give the same, on any machine."""
        made = hashlib.sha256()
        for file in sorted(_words(self.root), key=lambda file: file.relative_to(self.root).as_posix()):
            content = file.read_bytes().replace(b"\r\n", b"\n")
            made.update(f"{file.relative_to(self.root).as_posix()} {len(content)}\n".encode() + content)
        return made.hexdigest()[:8]

    @functools.cached_property
    def editions(self) -> Editions:
        """Return the editions that have been released, and the revision of the words here."""
        return Editions(self.snapshots, self.revision)

    def stamp(self, site_url: str, site_name: str, *, preview: bool = False) -> Stamp:
        """Return the stamp of this project's words, published at `site_url` ("" if nowhere yet) as `site_name`.

        In a `preview` the revision is that word, so that a guide whose words have not changed need not be printed again.
        Raise InvalidDataError if a record is wrong.
        """
        if self.framework is None:
            raise InvalidDataError(self.errors)
        site = self.framework.site
        revision = "preview" if preview else self.revision
        name = " ".join(normalised(site_name).split())
        return Stamp(site.edition, site.edition_date, revision, site_url.rstrip("/") + "/" if site_url else "", name)


def read_project(root: Path) -> Project:
    """Read and check the records and pages of `root`; bad content raises nothing, and nothing is read twice unchanged."""
    held = tree(root)
    return _read(root, held, tuple(state(file) for file in (*held.files, root / "mkdocs.yml")))


@functools.lru_cache(maxsize=2)
def _load(root: Path, _states: object) -> tuple[Framework | None, tuple[Problem, ...], tuple[Snapshot, ...]]:
    """Return what data/ holds: the framework, what is wrong with it, and the editions."""
    framework, faults = load(root, CHECKS)
    snapshots, wrong_editions = read_editions(root)
    if framework is not None:
        faults += tuple(behind(framework, snapshots))
        if not wrong_editions:
            faults += tuple(islice(edition_checks(framework, snapshots), MOST))
    return framework, (*faults, *wrong_editions), snapshots


def _words(root: Path) -> Iterator[Path]:
    """Yield the files of `root` that hold records and pages."""
    for file in tree(root).files:
        folder, *inside = file.relative_to(root).parts
        if file.suffix == ".md" if folder == "content" else file.suffix == ".yml" and inside[0] not in NOT_RECORDS:
            yield file


@functools.lru_cache(maxsize=2)
def _read(root: Path, held: Tree, states: tuple[object, ...]) -> Project:
    if held.too_much:
        return Project(root, None, (), {}, held.problems)
    records = tuple(pair for pair in zip(held.files, states, strict=False) if pair[0].is_relative_to(root / "data"))
    framework, faults, snapshots = _load(root, records)
    settings = read_settings(root)
    problems = [*held.problems, *faults, *settings.problems, *_unprintable_settings(root)]
    macros = Library.names()
    made: dict[Page, list[Call]] = {}
    for page, in_head in pages(root):
        if len(problems) > ENOUGH:
            break
        problems += in_head
        if page is not None:
            found = list(calls(page, macros))
            problems += islice(unprintable(page), MOST)
            problems += islice(unsafe(page), MOST)
            problems += islice(misread(page), MOST)
            made[page] = [call for call in found if isinstance(call, Call)]
            wrong = [call for call in found if isinstance(call, Problem)]
            problems += wrong
            if framework is not None and not wrong:
                problems += islice(slips(page, framework.get(Words, "words")), MOST)
    faulty = {problem.path for problem in problems if problem.severity == "error" and problem.name not in WORDING}
    sound = {page: called for page, called in made.items() if page.path not in faulty}
    for page, called in sound.items():
        problems += islice(misplaced(page, called, has_title), MOST)
    citations: dict[str, tuple[Shown, ...]] = {}
    for page, called in made.items():
        for point in dict.fromkeys(call.arguments["point"] for call in called if call.name == "point"):
            citations[point] = (*citations.get(point, ()), Shown(_title(page), page.url))
    if framework is not None:
        for page, called in made.items():
            problems += islice(unknown_terms(page, framework), MOST)
            for call in called:
                problems += misnamed(page, call, macros[call.name], framework)
        problems += _unshown(framework, {page.path: called for page, called in made.items()})
        problems += _misaddressed(root, framework, settings, held, tuple(sound), Editions(snapshots))
        problems += _uncited(framework, citations)
    return Project(root, framework, tuple(made), citations, tuple(sorted(set(problems))), snapshots)


def _title(page: Page) -> str:
    """Return the title of `page` as readers see it."""
    own = page.meta.title if page.meta else None
    return own or next((heading.text for heading in outline(page).headings if heading.level == 1), page.title)


def _misaddressed(
    root: Path, framework: Framework, settings: Settings, held: Tree, pages: tuple[Page, ...], editions: Editions
) -> Iterator[Problem]:
    """Yield a problem for each page that no menu names or that is in the way of another, and each link that leads nowhere."""
    files = [path for file in held.files if (path := file.relative_to(root).as_posix()).startswith("content/") and file.suffix == ".md"]
    needed = {shown.removeprefix("content/") for record in framework.records.values() if (shown := page_of(record))}
    yield from menu_problems(settings, [file.removeprefix("content/") for file in files], needed)
    others = {url for record in framework.records.values() for url in record.old_urls if "#" not in url}
    others |= {f"{i}/" for record in framework.all(Recommendation) for i in (record.id, *record.formerly)} | {"edit/"}
    yield from colliding(pages, others)
    anchors: dict[str, set[str]] = {}
    for record in framework.records.values():
        for url in (record.url, *record.old_urls):
            path, _, anchor = url.partition("#")
            anchors.setdefault(path, set()).add(anchor)

    def html(page: Page) -> str:
        return article(page, Library(framework, lambda: page.url, {}, {}, editions).macros())

    home = setting(root, "site_url")[1]
    addresses = Addresses({page.path: page for page in pages}, anchors, others, home, html)
    if len(pages) == len(files):  # a page with a fault may be what a link leads to
        yield from islice(dead(pages, addresses), MOST)
        for key, leaves in framework.index.leaves.items() if home else ():
            for leaf in leaves:
                for target in dict.fromkeys((*links(leaf.value), leaf.value)) if "://" in str(leaf.value) else ():
                    if found := addresses.wrong(target):
                        at = {"offset": max(leaf.value.find(target), 0)}
                        yield framework.problem(key, leaf.loc, "dead-link", f'"{target}" {found[0]}', found[1], **at)


def _unprintable_settings(root: Path) -> Iterator[Problem]:
    """Yield a problem for each character in the names of mkdocs.yml that readers cannot see or that no guide can print."""
    for name in ("site_name", "site_description"):
        line, text = setting(root, name)
        yield from (Problem("mkdocs.yml", line, 1, "character", wrong, instead, name) for _, wrong, instead in faults(text))


def _unshown(framework: Framework, made: Mapping[str, list[Call]]) -> Iterator[Problem]:
    """Yield a problem for each record that has an address of its own and no page there that names it."""
    for (kind, record_id), record in framework.records.items():
        path = page_of(record)
        if path is not None and not any(record_id in call.arguments.values() for call in made.get(path, ())):
            macro = "stage_guide" if kind == "stage" else kind
            instead = f'write {path} with {{{{ {macro}("{record_id}") }}}}, and add it to nav: in mkdocs.yml'
            yield framework.problem((kind, record_id), (), "no-page", "no page shows it", instead)


def _uncited(framework: Framework, citations: Mapping[str, object]) -> Iterator[Problem]:
    """Yield a problem for each point of the report that neither a record nor a page cites; recommendations have a rule of their own."""
    for position, (point_id, point) in enumerate(framework.points.items()):
        if point_id not in citations and not FIRST.fullmatch(point_id) and not framework.citing(point):
            instead = f'cite it in points: of a record, or with {{{{ point("{point_id}") }}}} in a page'
            yield framework.problem(("report", "report"), ("points", position), "point-unused", f'"{point_id}" is used nowhere', instead)


def page_of(record: Record) -> str | None:
    """Return the path of the page that shows `record` alone, from the project's root, or None if it has none."""
    if not record.address.endswith("/") or "{" not in record.address:
        return None
    return f"content/{record.url.rstrip('/')}.md"
