"""Find or install Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


class NoBrowserError(Exception):
    """No browser was found or could be installed."""


def find_browser(playwright: Playwright) -> str | None:
    """Return the path of an installed browser, or None to use Playwright's own; raise NoBrowserError if there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if Path(playwright.chromium.executable_path).exists():
        return None
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        sys.stderr.write("Installing chromium for the tests\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run([*sudo, "apt-get", *words], check=False, capture_output=True, env=quiet)
        if found := shutil.which("chromium"):
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    if Path(playwright.chromium.executable_path).exists():
        return None
    raise NoBrowserError("There is no browser. Install Chromium or Chrome and run this again.")


def launched(playwright: Playwright, *arguments: str) -> Browser:
    """Start a browser with more `arguments`; raise NoBrowserError if there is none."""
    return playwright.chromium.launch(executable_path=find_browser(playwright), args=[*ARGUMENTS, *arguments])
