"""The files of the site other than pages."""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from macros.history.editions import Snapshot
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.outputs.checklist_workbook import workbook
from macros.outputs.cms import form
from macros.outputs.images import images
from macros.outputs.open_data import open_data
from macros.outputs.pdf.guides import Guides
from macros.outputs.pdf.typst_compile import printed, printed_together
from macros.rendering.environment import Renderer
from macros.site_build.csp import headers, policy
from macros.site_build.project import Project
from macros.templates import TEMPLATES


@functools.lru_cache(maxsize=2)
def outputs(project: Project, stamp: Stamp, *, printing: bool = True) -> tuple[Output, ...]:
    """Return every output of `project` with `stamp`; without `printing`, the guides are empty files, which `printed_guide` can replace."""
    guides = _guides(project, stamp)
    if printing:
        pdfs = printed_together(_guides_key(project, stamp), guides.all, project.root / ".cache/pdf")
    else:
        pdfs = tuple(Output(path, b"") for path in guides.makers)
    return *pdfs, *_from_records(project.valid_framework, stamp, project.snapshots, project.root)


@functools.lru_cache(maxsize=2)
def _from_records(framework: Framework, stamp: Stamp, snapshots: tuple[Snapshot, ...], root: Path) -> tuple[Output, ...]:
    """Return the outputs that do not depend on pages."""
    return (
        *short_addresses(framework, stamp),
        workbook(framework, stamp),
        *open_data(framework, stamp, snapshots),
        *images(framework, stamp),
        headers(),
        *form(framework, root, stamp.home),
    )


def printed_guide(project: Project, stamp: Stamp, path: str) -> Output:
    """Return the printed guide at `path`."""
    return printed([_guides(project, stamp).makers[path]()])[0]


def _guides(project: Project, stamp: Stamp) -> Guides:
    return Guides(project.valid_framework, project.pages, stamp, draft=project.draft, editions=project.editions)


def _guides_key(project: Project, stamp: Stamp) -> str:
    """Return a hash of everything that the guides are made from: records, pages, code, templates, packages and `stamp`."""
    folders = (project.root / "data", project.root / "content", TEMPLATES.parent)
    files = [(folder, file) for folder in folders for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    hashes = [(file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).digest()) for folder, file in files]
    packages = sorted(info.name for folder in sys.path for info in Path(folder).glob("*.dist-info"))
    return hashlib.sha256(repr((hashes, packages, sys.version, stamp)).encode()).hexdigest()


def short_addresses(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield a redirect from each former address of a record."""
    here = ""
    renderer = Renderer(framework, lambda: here)
    for record in framework.records.values():
        for address in (url for url in record.old_urls if "#" not in url):
            here = address
            html = renderer.render("outputs/short_address.html.j2", record=record, site_url=stamp.home, policy=policy(framework.site))
            yield Output(f"{here}index.html", html.encode())
