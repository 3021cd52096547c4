"""What is done to the built tree, step by step."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from macros.built import parsed
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
    trees = {}
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        html = file.read_text("utf-8")
        if not path.startswith(f"{FOLDER}/"):
            html = with_policy(html if path in ours else mended(path, frame.filled(path, html)), allowed)
            file.write_text(html, "utf-8")
        trees[path] = parsed(html.encode())
    prune(site, trees)
    write_index(site, list(results(trees, framework, project.pages)))
    for folder, _, files in os.walk(site):
        Path(folder).chmod(0o755)  # a web server is another account
        for name in files:
            Path(folder, name).chmod(0o644)
    return (*dead_links(site, trees, home), *against_policy(trees))
