"""Every file of the site that is no page, as a value."""

from __future__ import annotations

from collections.abc import Iterator

from macros.framework import Framework
from macros.model import Recommendation
from macros.output import Output, Stamp
from macros.project import Project
from macros.render import Renderer


def outputs(project: Project, site_url: str) -> Iterator[Output]:
    """Yield every output of `project`, published at `site_url` ("" if nowhere yet); none if a record is wrong."""
    if project.framework is not None:
        yield from short_addresses(project.framework, project.stamp(site_url))


def short_addresses(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield a small page for each recommendation, withdrawn ones too, that leads from `/1a/` to its guide.

    An id that a recommendation had before leads there too, and so does a page's address under an id that it had before.
    """
    here = ""
    renderer = Renderer(framework, lambda: here)
    for record in framework.records.values():
        addresses = [url for url in record.old_urls if "#" not in url]
        if isinstance(record, Recommendation):
            addresses += [f"{i}/" for i in (record.id, *record.formerly)]
        for address in addresses:
            here = address
            yield Output(f"{here}index.html", renderer.render("short_address.html.j2", record=record, site_url=stamp.home).encode())
