"""Rules for mkdocs.yml: the menu, and settings that MkDocs refuses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from macros.loading.yaml_reader import read
from macros.model.document import Document, texts_in
from macros.model.problem import Problem, did_you_mean

FILE = "mkdocs.yml"


def read_settings(root: Path) -> Document:
    """Return mkdocs.yml of `root`; a folder without it, such as a copy of records and pages, has no settings."""
    return read(root / FILE, root) if (root / FILE).exists() else Document(FILE, None)


def setting(root: Path, name: str) -> tuple[int, str]:
    """Return the line and the text of the setting `name` in mkdocs.yml of `root`; "" if there is none."""
    settings = read_settings(root)
    return settings.place((name,)).line, str((settings.value or {}).get(name) or "")


def menu_problems(settings: Document, pages: Collection[str], needed: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each entry of nav: that is neither one of `pages` nor `needed` by a record, and each page that is missing."""
    found = texts_in((settings.value or {}).get("nav"), ("nav",))
    entries = [(path, loc) for loc, path in found if not re.match(r"[a-zA-Z][\w+.-]*:", path)]  # other sites are left out
    if not entries:
        return
    unlisted = set(pages) - {path for path, _ in entries}
    for path, loc in entries:
        if path not in pages and path not in needed:
            near = did_you_mean(path, unlisted)
            unlisted -= set(re.findall('^did you mean "(.+)"', near))
            instead = near if near.startswith("did") else "delete the line, or add the page"
            yield Problem(FILE, *settings.place(loc), "nav", f'there is no page "{path}"', instead)
    for page in sorted(unlisted):
        yield Problem(f"content/{page}", 1, 1, "nav", "the page is not in the menu", f"add - {page} under nav: in {FILE}")


def refused_settings(settings: Document, messages: Iterable[tuple[str, str]], known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each message of MkDocs: the name of a setting ("" for the file), and the message; `known` names all settings."""
    for name, message in messages:
        place = settings.place((name,), key=True)
        near = did_you_mean(name, known) if message.startswith("Unrecognised configuration") else ""
        wrong = f"MkDocs refuses this: {' '.join(message.split()).rstrip('.')}" if name != "site_url" else "not the address of a site"
        full = "write it in full, for example https://framework.council.gov.uk/" if name == "site_url" else ""
        yield Problem(FILE, place.line, 1, "setting", wrong, near or full or "compare it with the file in Git", name)


def own_path(target: str, home: str) -> str | None:
    """Return the path of the absolute address `target` from the root of the site at `home`, or None if it leads elsewhere."""
    try:
        there, here = urlsplit(target), urlsplit(home)
    except ValueError:
        return None
    hosts = [(address.hostname or "").removeprefix("www.") for address in (there, here)]
    if there.scheme not in ("http", "https") or not hosts[1] or hosts[0] != hosts[1]:
        return None
    base = here.path.rstrip("/") + "/"
    path = there.path if there.path.startswith(base) else f"{there.path}/"
    return path.removeprefix(base) if path.startswith(base) else None
