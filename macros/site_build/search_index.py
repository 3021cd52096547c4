"""The search index, made by Pagefind: small files that a browser fetches once a reader searches."""

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

from macros.model.output import Output
from macros.site_build.atomic_build import write_outputs
from macros.site_build.page_texts import Result, settings

FOLDER = "pagefind"
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")
# A word of at least three letters, or the id of a recommendation.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-])+[^\W\d_]|\b\d{1,2}[a-z]\b")
_NO_STOP = re.compile(r"(?<=[\w'\")])$")  # the end of a text without a full stop
_SIGNATURE = b"pagefind_dcd"  # the first bytes of Pagefind's compressed files, before the CBOR


class NotIndexedError(ValueError):
    """The search index cannot be made; the text says why."""


def write_index(site: Path, results: Sequence[Result], agreement: str | None = None) -> None:
    """Write the index of `results`, and a list of their words, to `site`/pagefind; raise NotIndexedError if one is not indexed."""
    labels = settings(agreement)
    shown = dict.fromkeys(_vocabulary(f"{result.title} {result.words}" for result in results))
    hidden = [word for word in _vocabulary(" ".join(result.hidden) for result in results) if word not in shown]
    words = {"results": len(results), "weights": labels["weights"], "small": labels["small"].split(), "shown": [*shown], "hidden": hidden}
    files = {**_sort_filters(_index(results)), "words.json": json.dumps(words, separators=(",", ":")).encode()}
    write_outputs(site, (Output(f"{FOLDER}/{path}", content) for path, content in files.items()))


def _index(results: Sequence[Result]) -> dict[str, bytes]:
    """Return the files of Pagefind's index of `results`, by path: version 1.5.2 may stop before it has written them itself."""
    from pagefind_bin import get_executable  # the Python API of pagefind pauses for a tenth of a second after each result

    messages = [
        {"type": "NewIndex", "config": {"force_language": "en"}},
        *({"type": "AddRecord", "index_id": 0, **_record(result)} for result in results),
        {"type": "GetFiles", "index_id": 0},
    ]
    command = [str(get_executable()), "--service"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as service:
        requests, responses = cast(IO[bytes], service.stdin), cast(io.BufferedReader, service.stdout)
        with suppress(BrokenPipeError):  # Pagefind has stopped: some answers are missing
            for number, message in enumerate(messages, 1):
                requests.write(base64.b64encode(json.dumps({"message_id": number, "payload": message}).encode()) + b",")
            requests.flush()
        received = bytearray()
        while received.count(b",") < len(messages) and (more := responses.read1(1 << 20)):
            received += more
        _, errors = service.communicate()  # closes its input, which ends it
    answers = [json.loads(base64.b64decode(answer))["payload"] for answer in received.split(b",")[:-1]]
    reasons = [answer["message"] for answer in answers if answer["type"] == "Error"] or [errors.decode("utf-8", "replace").strip()]
    files = {file["path"]: base64.b64decode(file["content"]) for file in (answers[-1].get("files", ()) if answers else ())}
    if len(fnmatch.filter(files, "fragment/*")) != len({result.url for result in results}):
        raise NotIndexedError(f"Pagefind did not index every result. {reasons[0]}".strip())
    return {path: content for path, content in files.items() if not any(fnmatch.fnmatch(path, pattern) for pattern in _UNUSED)}


def _record(result: Result) -> dict[str, Any]:
    meta = {"title": result.title, "place": result.place, "kind": result.kind, "address": result.url, "search": "; ".join(result.hidden)}
    meta |= {"excerpt": result.excerpt} if result.excerpt else {}
    content = _NO_STOP.sub(".", result.words or result.title)
    return {"url": result.url, "content": content, "language": "en", "meta": meta, "filters": result.filters}


def _sort_filters(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return `files` with their filters sorted, so that builds are reproducible, and renamed by their new content.

    Pagefind 1.5.2 writes filters in random order. The next version sorts them (its pull request 1124); then remove this.
    """
    sorted_files = {path: content for path, content in files.items() if not path.endswith((".pf_filter", ".pf_meta"))}
    filters = []
    for name, values in sorted(_read(content) for path, content in files.items() if path.endswith(".pf_filter")):
        digest, content = _compressed([name, sorted(values)])
        sorted_files[f"filter/{digest}.pf_filter"] = content
        filters.append([name, digest])
    (meta,) = (content for path, content in files.items() if path.endswith(".pf_meta"))
    version, pages, chunks, _, *more = _read(meta)
    digest, content = _compressed([version, pages, chunks, filters, *more])
    sorted_files[f"pagefind.{digest}.pf_meta"] = content
    entry = json.loads(files["pagefind-entry.json"])
    entry["languages"]["en"]["hash"] = digest
    sorted_files["pagefind-entry.json"] = json.dumps(entry, separators=(",", ":")).encode()
    return sorted_files


def _read(content: bytes) -> Any:
    return cbor2.loads(gzip.decompress(content).removeprefix(_SIGNATURE))


def _compressed(value: Any) -> tuple[str, bytes]:
    """Return the name and the content of a file with `value`."""
    content = _SIGNATURE + cbor2.dumps(value)
    compressed = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=compressed, mtime=0) as stream:  # gzip.compress differs between versions of Python
        stream.write(content)
    return f"en_{hashlib.sha256(content).hexdigest()[:10]}", compressed.getvalue()


def _vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of `texts`, the most common first."""
    counted = Counter[str]()
    for text in texts:
        counted.update(set(_WORD.findall(text.lower().replace("’", "'"))))
    return [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
