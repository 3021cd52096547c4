"""The search index, which Pagefind makes of the results: small files that a browser fetches once a reader searches."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from macros.framework import Framework
from macros.render import Renderer
from macros.results import Result, settings

FOLDER = "pagefind"
_NOT_SENT = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")
_WORD = re.compile(r"[a-z][a-z'’-]+[a-z]")


def write_index(site: Path, framework: Framework, found: Iterable[Result]) -> None:
    """Write the index of what was `found` into `site`/pagefind, with the list of its words for mending slips of the keyboard."""
    results = sorted(found, key=lambda result: result.url)
    folder = site / FOLDER
    renderer = Renderer(framework, lambda: "")
    with tempfile.TemporaryDirectory(prefix="svf-search-") as pages:
        for number, result in enumerate(results):
            text = renderer.render("search_result.html.j2", result=result)
            (Path(pages) / f"{number:05}.html").write_text(text, "utf-8")
        with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one
            thread.submit(asyncio.run, _index(pages, folder)).result()
    for pattern in _NOT_SENT:
        for file in folder.glob(pattern):
            file.unlink()
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
    (folder / "words.json").write_text(json.dumps(told, separators=(",", ":")), "utf-8")


async def _index(pages: str, folder: Path) -> None:
    from pagefind.index import PagefindIndex  # only a build needs it

    async with PagefindIndex(config={"force_language": "en", "output_path": str(folder)}) as index:
        await index.add_directory(pages)  # and on its way out it writes the files


def _vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of `texts`, those in most of them first."""
    counted = Counter[str]()
    for text in texts:
        counted.update(set(_WORD.findall(text.lower())))
    return [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
