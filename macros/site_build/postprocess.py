"""Completing the built site: the search index, plain text, checks of links and anchors, and file modes."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from macros.checks.settings import own_path
from macros.loading.disk_cache import cached, hash_of
from macros.model.output import Output
from macros.model.problem import Problem
from macros.rendering.environment import text_environment
from macros.site_build.atomic_build import write_outputs
from macros.site_build.page_texts import page_texts, search_results
from macros.site_build.project import Project
from macros.site_build.search_index import write_index

_BASE = "https://site.invalid/"
_SIZE = re.compile(r'(<span data-size="([^"]*)">)[^<]*(?=</span>)')
_UTF8 = lxml.html.HTMLParser(encoding="utf-8")


def parsed_pages(site: Path) -> dict[str, HtmlElement]:
    """Return the parsed pages of the built `site` by path, in order."""
    pages = {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*.html"))}
    return {path: lxml.html.document_fromstring(html or b"-", parser=_UTF8) for path, html in pages.items()}


def write_sizes(site: Path, outputs: Iterable[Output]) -> None:
    """Write the sizes of `outputs` into the pages of the built `site`; an empty file has not been made yet."""
    template = text_environment().get_template("pages/size.html.j2")
    sizes = {output.path: template.render(output=output) for output in outputs if output.content}
    for file in site.rglob("*.html"):
        html = file.read_text("utf-8")
        if html != (filled := _SIZE.sub(lambda size: size[1] + sizes.get(size[2], ""), html)):
            file.write_text(filled, "utf-8")


def finish(site: Path, project: Project, home: str, outputs: Callable[[], Iterable[Output]], *, index: bool = True) -> tuple[Problem, ...]:
    """Complete the built `site` of `project`, published at `home`; return the problems of its pages.

    `outputs` returns our outputs, once they are made and written. Without `index`, write no search index and no plain text.
    """
    trees = parsed_pages(site)
    results = list(search_results(trees, project)) if index else []
    with ThreadPoolExecutor(1) as pool:  # Pagefind runs in its own process
        indexing = pool.submit(write_index, site, results, project.valid_framework.site.agreement_name) if index else None
        problems = tuple(dead_links(site, trees, home))
        if indexing:
            key = hash_of(site, sorted(site.rglob("*.html")))
            write_outputs(site, cached(project.root / ".cache/texts", key, lambda: tuple(page_texts(trees, project))))
        write_sizes(site, outputs())
        if indexing:
            indexing.result()
    for path in (site, *site.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)  # web servers run as another user
    return problems


def dead_links(site: Path, trees: Mapping[str, HtmlElement], home: str = "") -> Iterator[Problem]:
    """Yield a problem for each dead link in the `trees` of the built `site`, published at `home`, and each anchor that a page has twice."""
    base = urljoin(_BASE, urlsplit(home).path.rstrip("/") + "/")
    anchors = {path: Counter(root.xpath("//@id")) for path, root in trees.items()}

    @functools.cache
    def target(page: str, link: str) -> tuple[str, str]:
        """Return the path of the file that `link`, without its fragment, leads to ("" off the site), and what is wrong with it."""
        own = own_path(link, home) if "://" in link else None
        address = urlsplit(urljoin(base + page, link) if own is None else urljoin(base, own))
        if f"{address.scheme}://{address.netloc}/" != _BASE:
            return "", ""
        path = unquote(address.path.removeprefix(urlsplit(base).path)).lstrip("/")
        if path == "" or path.endswith("/"):
            path += "index.html"
        return path, wrong_with(path) or ("" if address.path.startswith(urlsplit(base).path) else "leads to no file")

    @functools.cache
    def wrong_with(path: str) -> str:
        if (site / path).is_dir():
            return "leads to a folder; end it with /"
        return "" if (site / path).is_file() else "leads to no file"

    for path, root in trees.items():
        for anchor, times in anchors[path].items():
            if times > 1:
                line = root.xpath("//*[@id=$anchor]", anchor=anchor)[1].sourceline or 1
                yield Problem(f"site/{path}", line, 1, "anchor-twice", f'the anchor "{anchor}" occurs twice', "rename one")
        folder, page = path.rpartition("/")[0] + "/", path.removesuffix("index.html")
        for link in root.xpath("//@href | //@src"):
            address, _, fragment = link.partition("#")
            here = page if address[:1] in ("", "?") else "" if "://" in address else folder.lstrip("/")
            while address.startswith("../") and here:  # so that few different addresses need to be resolved
                here, address = here[: here.rfind("/", 0, -1) + 1], address[3:]
            there, wrong = target(here, address) if link else ("", "")
            anchor = "" if wrong or fragment.startswith((":~:", "/")) else unquote(fragment)  # the form at /edit/ handles those with /
            if anchor and there in anchors and anchor not in anchors[there]:
                wrong = "leads to no anchor of that page"
            if wrong:
                line, instead = link.getparent().sourceline or 1, "fix the record or page that makes it"
                yield Problem(f"site/{path}", line, 1, "dead-link", f'"{link}" {wrong}', instead)
