"""What a page may load and run: the Content-Security-Policy, and what in the built pages would go against it."""

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
from macros.model.singletons import Site
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES

_SUSPECTS = '//*[self::style or self::script or @style or @*[starts-with(name(), "on") or contains(., ":")]]'
"""The elements that may be against the policy: `javascript:` has a colon, however it is spelled."""


@functools.cache
def _settings() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "outputs/policy.yml").read_text("utf-8"))
    return found


def policy(site: Site, nonce: str = "") -> str:
    """Return the policy of each page of `site`; scripts with `nonce` may run too, if one is given."""
    endpoints = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in (site.feedback, site.counts) if url)
    nonces = (f"'nonce-{nonce}'",) if nonce else ()
    return "; ".join(
        " ".join((part["directive"], part["allows"], *(endpoints if part.get("endpoints") else ()), *(nonces if part.get("nonce") else ())))
        for part in _settings()["page"]
    )


def headers(framework: Framework) -> Output:
    """Return the file `_headers`, by which some hosts set the headers of a site."""
    said = "; ".join(f"{part['directive']} {part['allows']}" for part in _settings()["header"])
    text = Renderer(framework, lambda: "").render("outputs/headers.txt.j2", policy=said)
    return Output("_headers", text.encode())


def against_policy(trees: Mapping[str, HtmlElement]) -> Iterator[Problem]:
    """Yield a problem for each piece of code or style in a built page, given by path: a browser would refuse it."""
    for page, root in trees.items():
        path = f"site/{page}"
        if not root.xpath('//meta[@http-equiv="Content-Security-Policy"]'):
            yield Problem(path, 1, 1, "no-policy", "no Content-Security-Policy", "say what it may load, as overrides/base.html does")
        for element in root.xpath(_SUSPECTS):
            for wrong in _refused(element):
                yield Problem(path, element.sourceline or 1, 1, "inline-code", wrong, "take it out, or put it into a file of content/")


def _refused(element: Any) -> Iterator[str]:
    if element.tag == "style" or (element.tag == "script" and element.get("src") is None):
        yield f"a <{element.tag}> with code of its own, which a browser would refuse"
    for name, value in element.attrib.items():
        code = "".join(value.split()).lower().startswith(("javascript:", "data:text/html"))
        if name == "style" or name.startswith("on") or (name in ("href", "src", "action", "formaction") and code):
            yield f'{name}="{value}", which a browser would refuse'
