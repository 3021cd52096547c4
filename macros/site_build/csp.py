"""The Content-Security-Policy of the pages."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from macros.model.output import Output
from macros.model.records import Site
from macros.rendering.environment import text_environment


@functools.lru_cache(maxsize=4)
def policy(site: Site, *, live_reload: bool = False) -> str:
    """Return the policy of each page of `site`; with `live_reload`, the script that MkDocs adds to each served page may run too."""
    hosts = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (site.feedback, site.counts) if url)
    endpoints = "".join(f" {host}" for host in hosts)
    return text_environment().get_template("outputs/policy.txt.j2").render(endpoints=endpoints, live_reload=live_reload)


def headers() -> Output:
    """Return the file `_headers`, from which some hosts set the headers of a site."""
    return Output("_headers", text_environment().get_template("outputs/headers.txt.j2").render().encode())
