"""Browser pages of common sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from macros.model.framework import Framework
from macros.model.records import Audience, Recommendation, Stage
from tests.conftest import in_page_order


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an empty page of a width, with other settings of the browser if they are given."""
    contexts = []

    def page(width: int = 1280, height: int = 900, **settings: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **settings))
        return contexts[-1].new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture
def page(screen: Callable[..., Page]) -> Page:
    """A page on a desktop."""
    return screen(permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def phone(screen: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return screen(390, 800, permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def without_script(screen: Callable[..., Page]) -> Page:
    """A page on a phone without JavaScript."""
    return screen(390, 800, java_script_enabled=False)


class Partly(NamedTuple):
    """An audience, a stage at which it has no step in some recommendations, and those that are current, in the order of the page."""

    audience: Audience
    stage: Stage
    current: list[Recommendation]

    @property
    def without(self) -> list[Recommendation]:
        return [record for record in self.current if self.audience.id not in record.audiences]


@pytest.fixture(scope="session")
def partly(real: Framework) -> Partly:
    pairs = [Partly(a, s, [r for r in in_page_order(real, s) if not r.withdrawn]) for a in real.all(Audience) for s in real.all(Stage)]
    return next((p for p in pairs if 0 < len(p.without) < len(p.current)), None) or pytest.skip("each audience acts in each recommendation")
