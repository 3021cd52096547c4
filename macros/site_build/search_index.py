"""The search index, which Pagefind makes of the results: small files that a browser fetches once a reader searches."""

from __future__ import annotations

import base64
import fnmatch
import gzip
import hashlib
import io
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

import cbor2

from macros.site_build.search_documents import Result, settings

FOLDER = "pagefind"
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-])+[^\W\d_]|\b\d{1,2}[a-z]\b")
"""A word of three letters or more, or the number and letter of a recommendation."""
_NO_STOP = re.compile(r"(?<=[\w'\")])$")
"""Where an excerpt lacks its full stop."""
_MARK = b"pagefind_dcd"
"""What Pagefind writes at the start of a compressed file, before the CBOR."""


class NotIndexedError(ValueError):
    """The search index cannot be made; its text says why."""


def write_index(site: Path, results: Sequence[Result]) -> None:
    """Write the index of `results` into `site`/pagefind, with the list of its words for correcting typos.

    Of two results that answer a query equally well, the search shows the one first that comes first here. Raise NotIndexedError if
    Pagefind does not make all of it, OSError if it cannot be written.
    """
    weighed = settings()
    shown = _vocabulary(f"{result.title} {result.words}" for result in results)
    known = set(shown)
    hidden = _vocabulary(" ".join(result.hidden) for result in results)
    words = {
        "results": len(results),
        "weights": weighed["weights"],
        "small": weighed["small"].split(),
        "shown": shown,
        "hidden": [word for word in hidden if word not in known],
    }
    files = {**_sort_filters(_index(results)), "words.json": json.dumps(words, separators=(",", ":")).encode()}
    for path, content in files.items():
        file = site / FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _index(results: Sequence[Result]) -> dict[str, bytes]:
    """Return the files of Pagefind's index of `results`, by path.

    They are asked for as Pagefind's own Python API asks, but without its pause of a tenth of a second after each result; and not
    written by Pagefind, as version 1.5.2 may be stopped before its files are on the disk.
    """
    from pagefind.service import get_executable  # only a build needs it

    messages = [
        {"type": "NewIndex", "config": {"force_language": "en"}},
        *({"type": "AddRecord", "index_id": 0, **_record(result)} for result in results),
        {"type": "GetFiles", "index_id": 0},
    ]
    command = [str(get_executable()), "--service"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as service:
        asked, answered = cast(IO[bytes], service.stdin), cast(io.BufferedReader, service.stdout)
        with suppress(BrokenPipeError):  # if Pagefind ends early, answers are missing
            for number, message in enumerate(messages, 1):
                asked.write(base64.b64encode(json.dumps({"message_id": number, "payload": message}).encode()) + b",")
            asked.flush()
        received = bytearray()
        while received.count(b",") < len(messages) and (more := answered.read1(1 << 20)):
            received += more
        _, errors = service.communicate()  # ends the input, and with it the service
    answers = [json.loads(base64.b64decode(answer))["payload"] for answer in received.split(b",")[:-1]]
    wrong = [answer["message"] for answer in answers if answer["type"] == "Error"] or [errors.decode("utf-8", "replace").strip()]
    given = answers[-1].get("files", ()) if answers else ()
    files = {file["path"]: base64.b64decode(file["content"]) for file in given}
    if len(fnmatch.filter(files, "fragment/*")) != len({result.url for result in results}):
        raise NotIndexedError(f"Pagefind did not index every result. {wrong[0]}".strip())
    return {path: content for path, content in files.items() if not any(fnmatch.fnmatch(path, pattern) for pattern in _UNUSED)}


def _record(result: Result) -> dict[str, Any]:
    meta = {"title": result.title, "place": result.place, "kind": result.kind, "address": result.url, "search": "; ".join(result.hidden)}
    content = _NO_STOP.sub(".", result.words or result.title)
    return {"url": result.url, "content": content, "language": "en", "meta": meta, "filters": result.filters}


def _sort_filters(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return `files` with sorted filters, so that builds are reproducible; the names of those files are made from their new content.

    Pagefind 1.5.2 writes filters in random order. The next version sorts them (its pull request 1124), and then this can go.
    """
    sorted_files = {path: content for path, content in files.items() if not path.endswith((".pf_filter", ".pf_meta"))}
    filters = []
    for name, values in sorted(_read(content) for path, content in files.items() if path.endswith(".pf_filter")):
        digest, content = _packed([name, sorted(values)])
        sorted_files[f"filter/{digest}.pf_filter"] = content
        filters.append([name, digest])
    (meta,) = (content for path, content in files.items() if path.endswith(".pf_meta"))
    version, pages, chunks, _, *more = _read(meta)
    digest, content = _packed([version, pages, chunks, filters, *more])
    sorted_files[f"pagefind.{digest}.pf_meta"] = content
    entry = json.loads(files["pagefind-entry.json"])
    entry["languages"]["en"]["hash"] = digest
    sorted_files["pagefind-entry.json"] = json.dumps(entry, separators=(",", ":")).encode()
    return sorted_files


def _read(content: bytes) -> Any:
    return cbor2.loads(gzip.decompress(content).removeprefix(_MARK))


def _packed(value: Any) -> tuple[str, bytes]:
    """Return the name for a file that holds `value`, and its content."""
    content = _MARK + cbor2.dumps(value)
    compressed = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=compressed, mtime=0) as stream:  # gzip.compress differs between versions of Python
        stream.write(content)
    return f"en_{hashlib.sha256(content).hexdigest()[:10]}", compressed.getvalue()


def _vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of `texts`, those in most of them first."""
    counted = Counter[str]()
    for text in texts:
        counted.update(set(_WORD.findall(text.lower().replace("’", "'"))))
    return [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
