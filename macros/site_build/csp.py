"""The Content-Security-Policy of the pages, and a check that the built pages obey it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from macros.model.output import Output
from macros.model.problem import Problem
from macros.model.records import Site
from macros.rendering.environment import text_environment

# Elements that may break the policy: `javascript:` has a colon, however it is spelled.
_SUSPECTS = '//*[self::style or self::script or @style or @*[starts-with(name(), "on") or contains(., ":")]]'


@functools.lru_cache(maxsize=4)
def policy(site: Site, *, live_reload: bool = False) -> str:
    """Return the policy of each page of `site`; with `live_reload`, the script that MkDocs adds to each served page may run too."""
    hosts = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (site.feedback, site.counts) if url)
    endpoints = "".join(f" {host}" for host in hosts)
    return text_environment().get_template("outputs/policy.txt.j2").render(endpoints=endpoints, live_reload=live_reload)


def headers() -> Output:
    """Return the file `_headers`, from which some hosts set the headers of a site."""
    return Output("_headers", text_environment().get_template("outputs/headers.txt.j2").render().encode())


def against_policy(trees: Mapping[str, HtmlElement]) -> Iterator[Problem]:
    """Yield a problem for each inline script or style in the pages `trees`, given by path, as browsers would refuse it."""
    for path, root in trees.items():
        if not root.xpath('//meta[@http-equiv="Content-Security-Policy"]'):
            instead = "add the <meta> that overrides/base.html has"
            yield Problem(f"site/{path}", 1, 1, "no-policy", "no Content-Security-Policy", instead)
        for element in root.xpath(_SUSPECTS):
            inline = [f"inline code in <{element.tag}>"] if element.tag in ("script", "style") and element.get("src") is None else []
            inline += [f'{name}="{value}"' for name, value in element.attrib.items() if _is_code(name, value)]
            for code in inline:
                wrong, instead = f"{code}, which browsers would refuse", "remove it, or move it to a file in content/"
                yield Problem(f"site/{path}", element.sourceline or 1, 1, "inline-code", wrong, instead)


def _is_code(name: str, value: str) -> bool:
    address = "".join(value.split()).lower() if name in ("href", "src", "action", "formaction") else ""
    return name == "style" or name.startswith("on") or address.startswith(("javascript:", "data:text/html"))
