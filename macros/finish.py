"""What is done to the built tree, step by step."""

from __future__ import annotations

from pathlib import Path

from macros.editor import FOLDER
from macros.framework import Framework
from macros.links import dead_links
from macros.mend import mended
from macros.output import Output
from macros.policy import against_policy, policy, with_policy
from macros.problem import Problem
from macros.prose import Page
from macros.prune import prune
from macros.results import results
from macros.search import write_index


def finish(site: Path, framework: Framework, pages: tuple[Page, ...], outputs: tuple[Output, ...]) -> tuple[Problem, ...]:
    """Finish the built tree `site` of `framework`, whose `outputs` are in it already; return what is wrong with it.

    The theme's faults are mended, each page says what it may load and run, what no page uses is taken out, and the search index is
    written; the form at /edit/ is no page, and stays as it is made. Raise MendError if a mend does not fit.
    """
    ours = {output.path for output in outputs}
    allowed = policy(framework.site)
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        if path.startswith(f"{FOLDER}/"):
            continue
        html = file.read_text("utf-8")
        file.write_text(with_policy(html if path in ours else mended(path, html), allowed), "utf-8")
    prune(site)
    write_index(site, framework, results(site, framework, pages))
    for made in (site, *site.rglob("*")):
        made.chmod(0o755 if made.is_dir() else 0o644)  # a web server is another account
    return (*dead_links(site), *against_policy(site))
