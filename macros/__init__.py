"""The social value framework: the entry point through which MkDocs and Zensical get our macros."""

from __future__ import annotations

import gc
import os
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # start faster, and let no other package change our models
gc.set_threshold(100_000)  # we make little garbage, and collecting it takes a tenth of the time

_project: Any = None  # the project, unless it has errors


def define_env(env: Any) -> None:
    """Give the pages of `env` our macros and no others; raise InvalidDataError if a record or page is invalid, but not while serving."""
    global _project
    from macros.model.problem import InvalidDataError
    from macros.rendering.glossary_links import marked
    from macros.rendering.page_macros import PageMacros
    from macros.site_build.artifacts import outputs
    from macros.site_build.project import read_project

    project = read_project(Path(env.project_dir))
    env.macros.clear()
    serving = bool(env.conf["extra"].get("serving"))
    _project = None if project.errors else project
    if project.framework is None or project.errors:
        if serving:
            return
        raise InvalidDataError(project.errors)
    stamp = project.stamp(env.conf["site_url"] or "", env.conf["site_name"], preview=serving)
    downloads = {output.path: output for output in outputs(project, stamp)}
    library = PageMacros(project.framework, lambda: _base(env.page), project.citations, downloads, project.editions)
    for name, macro in library.macros().items():
        env.macro(marked(macro), name)
    page = getattr(env, "page", None)
    if page is not None:  # Zensical calls this for each page, and MkDocs once, before any
        env.variables.clear()
        _prepare(page, project)


def _base(page: Any) -> str:
    """Return the address that links of `page` are relative to: its own, or with Zensical that of its file's folder."""
    path = getattr(page, "path", None)
    return str(page.url) if path is None else f"{path.rpartition('/')[0]}/".lstrip("/")


def _prepare(page: Any, project: Any, *, live_reload: bool = False) -> None:
    """Have glossary terms linked in `page`, put what its template shows into `page.meta`, and set its title."""
    from macros.rendering.glossary_links import set_page
    from macros.site_build.artifacts import policy
    from macros.site_build.record_pages import record_pages
    from macros.text.typography import typographic

    if project is None or project.framework is None:
        set_page(None)
        return
    site = project.framework.site
    page.meta["site"] = {
        "draft": project.draft,
        "edition": site.edition,
        "date": site.edition_date.isoformat(),
        "day": f"{site.edition_date.day} {site.edition_date:%B %Y}",
        "revision": project.revision,
        "email": site.email,
        "feedback": site.feedback,
        "counts": site.counts,
        "policy": policy(site, live_reload=live_reload),
    }
    path = getattr(page, "path", None)
    file = page.file.src_uri if path is None else path
    made = record_pages(project.framework).get(file)
    page.meta["edit"] = site.file_at(project.framework.documents[made.record.kind, made.record.id].path if made else f"content/{file}")
    page.meta["made"] = file if made else None
    page.meta["stages"] = _stages(project.framework, file)

    def set_title(heading: str) -> None:
        page.meta["mailto"] = f"mailto:{site.email}?subject={quote(heading)}"
        page.meta["share"] = f"mailto:?subject={quote(heading)}&body="
        given = vars(page).get("title") if path is None else page.title_override  # in nav:
        if (given or heading) and "title" not in page.meta:
            page.title = typographic(given or (escape(heading, quote=False) if path is None else heading))

    set_page(project.framework, _base(page), set_title)


def _stages(framework: Any, file: str) -> list[dict[str, Any]]:
    """Return what the page `file` shows of each stage, with the recommendations of its own; nothing if it belongs to no stage."""
    from macros.model.records import Recommendation, Stage
    from macros.text.typography import typographic

    recommendation = framework.find(Recommendation.kind, file.removesuffix(".md"))
    parts = file.removesuffix(".md").split("/")
    own = recommendation.stage if recommendation else parts[1] if parts[0] == "stages" and parts[1] != "index" else ""
    current = framework.find(Stage.kind, own)
    if current is None:
        return []
    rows = [{"name": typographic(r.name), "url": r.url, "current": r is recommendation} for r in framework.recommendations(current)]
    return [
        {"id": s.id, "number": s.number, "title": typographic(s.title), "url": s.url, "current": s is current, "recommendations": rows}
        for s in framework.all(Stage)
    ]


def on_pre_page_macros(env: Any) -> None:
    """Prepare the page that MkDocs makes next, and turn its Jinja environment into a sandbox that runs only calls of our macros."""
    from macros.rendering.sandbox import CallsOnly

    _prepare(env.page, _project, live_reload=bool(env.conf["extra"].get("serving")))
    env.env.__class__ = CallsOnly
    env.variables.clear()
    env.variables["macros"] = {}
    env.env.loader = None
    for names in (env.env.filters, env.env.tests, env.env.globals):
        names.clear()
    env.env.globals.update(env.macros)
