"""A browser is found where there is one, and the message says what to install where there is none."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.support import chromium


def test_an_installed_browser_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/google-chrome" if name == "google-chrome" else None)
    assert chromium.find_browser() == "/usr/bin/google-chrome"


def test_without_one_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(chromium, "_playwright_has_one", lambda: False)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    with pytest.raises(chromium.NoBrowserError, match="Install Chromium or Chrome"):
        chromium.find_browser()
