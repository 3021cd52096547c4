"""The search index, which Pagefind makes of the results: small files that a browser fetches once a reader searches."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from macros.framework import Framework
from macros.render import Renderer
from macros.results import Result, settings
from macros.steady import steady

FOLDER = "pagefind"
_NOT_SENT = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-])+[^\W\d_]|\b\d{1,2}[a-z]\b")
"""A word of three letters or more, or the number and letter of a recommendation."""


class NotIndexedError(ValueError):
    """The search index cannot be made; its text says why."""


def write_index(site: Path, framework: Framework, found: Iterable[Result]) -> None:
    """Write the index of what was `found` into `site`/pagefind, with the list of its words for mending slips of the keyboard.

    Raise NotIndexedError if Pagefind does not make it whole, OSError if it cannot be written.
    """
    results = sorted(found, key=lambda result: result.url)
    folder = site / FOLDER
    renderer = Renderer(framework, lambda: "")
    with tempfile.TemporaryDirectory(prefix="svf-search-") as pages:
        for number, result in enumerate(results):
            text = renderer.render("search_result.html.j2", result=result)
            (Path(pages) / f"{number:05}.html").write_text(text, "utf-8")
        _index(pages, folder, len(results))
    said = settings()
    shown = _vocabulary(f"{result.title} {result.words}" for result in results)
    hidden = _vocabulary(" ".join(result.hidden) for result in results)
    told = {
        "results": len(results),
        "weights": said["weights"],
        "small": said["small"].split(),
        "shown": shown,
        "hidden": [w for w in hidden if w not in set(shown)],
    }
    # Pagefind says nothing of a full disk, but then there is no room for this file either, as long as nothing is taken away.
    (folder / "words.json").write_text(json.dumps(told, separators=(",", ":")), "utf-8")
    steady(folder)
    for pattern in _NOT_SENT:
        for file in folder.glob(pattern):
            file.unlink()


def _index(pages: str, folder: Path, results: int) -> None:
    from pagefind.service import get_executable  # only a build needs it

    command = [str(get_executable()), "--site", pages, "--output-path", str(folder), "--force-language", "en"]
    done = subprocess.run(command, cwd=pages, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode or len(list((folder / "fragment").glob("*"))) != results:
        raise NotIndexedError(f"Pagefind made no whole search index (status {done.returncode}). {done.stderr.strip()}".strip())


def _vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of `texts`, those in most of them first."""
    counted = Counter[str]()
    for text in texts:
        counted.update(set(_WORD.findall(text.lower().replace("’", "'"))))
    return [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
