"""What is done to the built tree, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from macros.editor import FOLDER
from macros.frame import Frame
from macros.links import dead_links
from macros.mend import mended
from macros.output import Output
from macros.policy import against_policy, policy, with_policy
from macros.problem import InvalidDataError, Problem
from macros.project import Project
from macros.prune import prune
from macros.results import results
from macros.search import write_index


def put(site: Path, outputs: Iterable[Output]) -> None:
    """Write `outputs` into the built tree `site`, for an engine that has not been told of them."""
    for output in outputs:
        file = site / output.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(output.content)


def finish(site: Path, project: Project, outputs: Iterable[Output], home: str, nonce: str = "") -> tuple[Problem, ...]:
    """Finish the built tree `site` of `project`, published at `home`, whose `outputs` are in it already; return what is wrong with it.

    What the records say round an article is filled in, the theme's faults are mended, each page says what it may load and run, what
    no page uses is taken out, and the search index is written; the form at /edit/ is no page, and stays as it is made. `nonce` is for
    scripts that are added while the site is served. Raise MendError if a mend does not fit, InvalidDataError if a record is wrong.
    """
    framework = project.framework
    if framework is None:
        raise InvalidDataError(project.errors)
    ours = {output.path for output in outputs}
    frame = Frame(framework, project.pages, project.revision, draft=project.draft)
    allowed = policy(framework.site, nonce)
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        if path.startswith(f"{FOLDER}/"):
            continue
        html = file.read_text("utf-8")
        file.write_text(with_policy(html if path in ours else mended(path, frame.filled(path, html)), allowed), "utf-8")
    prune(site)
    write_index(site, list(results(site, framework, project.pages)))
    for made in (site, *site.rglob("*")):
        made.chmod(0o755 if made.is_dir() else 0o644)  # a web server is another account
    return (*dead_links(site, home), *against_policy(site))
