"""Files of the site that are no pages, as values: a path and its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from macros.framework import Framework
from macros.model import Recommendation
from macros.render import Renderer


@dataclass(frozen=True)
class Output:
    """One file: its path from the site's root, and its bytes."""

    path: str
    content: bytes


def outputs(framework: Framework, site_url: str) -> Iterator[Output]:
    """Yield every output; `site_url` is where the site is published, for canonical addresses."""
    yield from short_addresses(framework, site_url)


def short_addresses(framework: Framework, site_url: str) -> Iterator[Output]:
    """Yield a small page for each recommendation, withdrawn ones too, that leads from `/1a/` to its guide.

    An id that a recommendation had before leads there too, and so does a page's address under an id that it had before.
    """
    base = site_url.rstrip("/") + "/" if site_url else ""
    here = ""
    renderer = Renderer(framework, lambda: here)
    for record in framework.records.values():
        addresses = [url for url in record.old_urls if "#" not in url]
        if isinstance(record, Recommendation):
            addresses += [f"{i}/" for i in (record.id, *record.formerly)]
        for address in addresses:
            here = address
            yield Output(f"{here}index.html", renderer.render("short_address.html.j2", record=record, site_url=base).encode())
