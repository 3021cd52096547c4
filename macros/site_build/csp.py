"""The Content-Security-Policy of the pages, and a check that the built pages obey it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import yaml
from lxml.html import HtmlElement

from macros.model.framework import Framework
from macros.model.output import Output
from macros.model.problem import Problem
from macros.model.records import Site
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES

_SUSPECTS = '//*[self::style or self::script or @style or @*[starts-with(name(), "on") or contains(., ":")]]'
"""Elements that may break the policy: `javascript:` has a colon, however it is spelled."""


@functools.cache
def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load((TEMPLATES / "outputs/policy.yml").read_text("utf-8"))
    return settings


def policy(site: Site, *, live_reload: bool = False) -> str:
    """Return the policy of each page of `site`; with `live_reload`, the script that MkDocs adds to each served page may run too."""
    endpoints = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (site.feedback, site.counts) if url)
    directives = []
    for part in _settings()["page"]:
        sources = [part["allows"]]
        if part.get("endpoints"):
            sources += endpoints
        if live_reload and part.get("live_reload"):
            sources.append("'unsafe-inline'")
        directives.append(" ".join((part["directive"], *sources)))
    return "; ".join(directives)


def headers(framework: Framework) -> Output:
    """Return the file `_headers`, from which some hosts set the headers of a site."""
    header = "; ".join(f"{part['directive']} {part['allows']}" for part in _settings()["header"])
    text = Renderer(framework, lambda: "").render("outputs/headers.txt.j2", policy=header)
    return Output("_headers", text.encode())


def against_policy(trees: Mapping[str, HtmlElement]) -> Iterator[Problem]:
    """Yield a problem for each inline script or style in the pages `trees`, given by path, as browsers would refuse it."""
    for page, root in trees.items():
        path = f"site/{page}"
        if not root.xpath('//meta[@http-equiv="Content-Security-Policy"]'):
            yield Problem(path, 1, 1, "no-policy", "no Content-Security-Policy", "add the <meta> that overrides/base.html has")
        for element in root.xpath(_SUSPECTS):
            for wrong in _inline_code(element):
                yield Problem(path, element.sourceline or 1, 1, "inline-code", wrong, "remove it, or move it to a file in content/")


def _inline_code(element: Any) -> Iterator[str]:
    if element.tag == "style" or (element.tag == "script" and element.get("src") is None):
        yield f"inline code in <{element.tag}>, which browsers would refuse"
    for name, value in element.attrib.items():
        code = "".join(value.split()).lower().startswith(("javascript:", "data:text/html"))
        if name == "style" or name.startswith("on") or (name in ("href", "src", "action", "formaction") and code):
            yield f'{name}="{value}", which browsers would refuse'
