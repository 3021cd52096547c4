"""The files of the site other than pages."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from urllib.parse import urlsplit

from macros.history.editions import Editions, Snapshot, edition_list
from macros.loading.disk_cache import cached, hash_of
from macros.loading.files import find_files
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Site, Stage
from macros.outputs.cms import form
from macros.outputs.open_data import open_data
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.typst_compile import drawn, print_guide, printed
from macros.rendering import cycle_diagram
from macros.rendering.environment import Renderer, text_environment
from macros.site_build.page_texts import llms_txt
from macros.site_build.project import Project
from macros.text.characters import TYPEFACE


@functools.lru_cache(maxsize=2)
def outputs(project: Project, stamp: Stamp) -> tuple[Output, ...]:
    """Return every output of `project` with `stamp`; PDFs and Word documents are empty: `documents` or `requested` makes them."""
    framework, guides = project.valid_framework, _guides(project, stamp)
    empty = [Output(path, b"") for path in (*guides.makers, *guides.word_forms)]
    made = cached(project.root / ".cache/records", _key(project, stamp), lambda: _from_records(framework, stamp, project.snapshots))
    lists = *feed(framework, stamp, project.editions), *llms_txt(project, stamp)
    return *empty, *made, *lists, headers(), *form(framework, project.root, stamp.home)


def documents(project: Project, stamp: Stamp) -> tuple[Output, ...]:
    """Return the PDFs and Word documents of `project` with `stamp`; raise NotPrintedError if one cannot be laid out."""
    from macros.outputs.word import word_document  # imports the slow python-docx

    guides = _guides(project, stamp)

    def made() -> tuple[Output, ...]:
        pdfs = printed(guides.all())
        return *(word_document(path, guides) for path in guides.word_forms), *pdfs

    return cached(project.root / ".cache/outputs", _key(project, stamp), made)


def _key(project: Project, stamp: Stamp) -> str:
    return hash_of(project.root, find_files(project.root).files, stamp, project.draft)


@functools.lru_cache(maxsize=2)
def _from_records(framework: Framework, stamp: Stamp, editions: tuple[Snapshot, ...]) -> tuple[Output, ...]:
    """Return the outputs that do not depend on pages."""
    from macros.outputs.checklist_workbook import workbook  # imports the slow XlsxWriter

    return *short_addresses(framework, stamp), workbook(framework, stamp), *open_data(framework, stamp, editions), *images(framework, stamp)


def images(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield `favicon.svg` and `card.png` (1200 by 630 pixels), both with the ring of stages of `framework`."""
    renderer = Renderer(framework, lambda: "")
    picture = cycle_diagram.picture(framework.all(Stage))
    yield Output("favicon.svg", renderer.render("images/favicon.svg.j2", **picture).encode())
    cycle, of = renderer.render("images/cycle.svg.j2", **picture, typeface=TYPEFACE), renderer.render("images/card.txt.j2")
    yield Output("card.png", drawn("images/card.typ", {"name": stamp.name, "of": of, "cycle": cycle, "typeface": TYPEFACE}))


def feed(framework: Framework, stamp: Stamp, editions: Editions) -> Iterator[Output]:
    """Yield an Atom feed (RFC 4287) of the editions, with what changed in each; none if the site has no address."""
    if stamp.home:
        entries = edition_list(framework, editions)
        yield Output("feed.xml", Renderer(framework, str).render("outputs/feed.xml.j2", stamp=stamp, entries=entries).encode())


def requested(project: Project, stamp: Stamp, path: str) -> Output:
    """Return the printed guide or Word document at `path`."""
    from macros.outputs.word import word_document

    guides = _guides(project, stamp)
    return print_guide(guides.makers[path]()) if path in guides.makers else word_document(path, guides)


def _guides(project: Project, stamp: Stamp) -> Guides:
    return Guides(project.valid_framework, project.pages, stamp, draft=project.draft, editions=project.editions)


def short_addresses(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield a redirect from each former address of a record."""
    here = ""
    renderer = Renderer(framework, lambda: here)
    for record in framework.records.values():
        for address in (url for url in record.old_urls if "#" not in url):
            here = address
            html = renderer.render("outputs/short_address.html.j2", record=record, site_url=stamp.home, policy=policy(framework.site))
            yield Output(f"{here}index.html", html.encode())


@functools.lru_cache(maxsize=4)
def policy(site: Site, *, live_reload: bool = False) -> str:
    """Return the Content-Security-Policy of the pages of `site`; with `live_reload`, the script that MkDocs adds while serving may run."""
    hosts = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (site.feedback, site.counts) if url)
    endpoints = "".join(f" {host}" for host in hosts)
    return text_environment().get_template("outputs/policy.txt.j2").render(endpoints=endpoints, live_reload=live_reload)


def headers() -> Output:
    """Return the file `_headers`, from which some hosts set the headers of a site."""
    return Output("_headers", text_environment().get_template("outputs/headers.txt.j2").render().encode())
