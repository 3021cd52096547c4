"""Browser pages of common sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page


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
