"""Find or install Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock
from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""The headless shell comes first, as it uses half the processor time of the others."""
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


class NoBrowserError(Exception):
    """No browser was found or could be installed."""


def find_browser(playwright: Playwright) -> str | None:
    """Return the path of an installed browser, or None to use Playwright's own; raise NoBrowserError if none can be installed."""
    own = Path(playwright.chromium.executable_path)
    with FileLock(Path(__file__).parents[2] / ".setup.lock"):  # one worker installs it while the others wait
        packages = [] if _installed() or own.exists() else ["chromium-headless-shell"]
        if packages or _font("Arial").startswith("DejaVu"):
            packages.append("fonts-liberation")  # as wide as Arial, which the stylesheet names
        if packages and shutil.which("apt-get"):
            sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
            sys.stderr.write(f"Installing {' and '.join(packages)} for the tests\n")
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
                subprocess.run([*sudo, "apt-get", *words], check=False, capture_output=True, env=quiet)
        if not _installed() and not own.exists():
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
        if (found := _installed()) or own.exists():
            return found
    raise NoBrowserError("There is no browser. Install Chromium or Chrome and run this again.")


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _font(name: str) -> str:
    """Return the family that fontconfig gives for the font `name`; empty where there is no fontconfig."""
    if not (command := shutil.which("fc-match")):
        return ""
    return subprocess.run([command, "-f", "%{family}", name], check=True, capture_output=True, text=True).stdout


def launched(playwright: Playwright, *arguments: str) -> Browser:
    """Start a browser with more `arguments`; raise NoBrowserError if there is none."""
    return playwright.chromium.launch(executable_path=find_browser(playwright), args=[*ARGUMENTS, *arguments])
