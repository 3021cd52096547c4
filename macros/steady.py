"""Pagefind writes what readers may narrow a search by in any order; here each such file gets one order, so that bytes stay the same."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

_MARK = b"pagefind_dcd"
"""What Pagefind writes before the values of a file, which are CBOR."""
_NUMBER, _TEXT, _LIST = 0, 3, 4
"""The types of CBOR that Pagefind uses."""


def steady(folder: Path) -> None:
    """Bring the filters of the index in `folder` into one order; each file is named after what it holds, and so is what names it."""
    renamed: dict[str, str] = {}
    for file in sorted((folder / "filter").glob("*.pf_filter")):
        name, values = _read(file)
        renamed[file.stem] = _written(file, [name, sorted(values)], 7)
    (meta,) = folder.glob("*.pf_meta")
    version, pages, chunks, filters, *more = _read(meta)
    named = sorted([name, renamed[file]] for name, file in filters)
    language, _, before = meta.stem.removeprefix("pagefind.").partition("_")
    after = _written(meta, [version, pages, chunks, named, *more], len(before))
    entry = folder / "pagefind-entry.json"
    told = json.loads(entry.read_text("utf-8"))
    told["languages"][language]["hash"] = after.removeprefix("pagefind.")
    entry.write_text(json.dumps(told, separators=(",", ":"), ensure_ascii=False), "utf-8")


def _read(file: Path) -> Any:
    """Return what `file` holds: numbers, texts and lists of them."""
    return _value(io.BytesIO(gzip.decompress(file.read_bytes()).removeprefix(_MARK)))


def _written(file: Path, value: Any, digits: int) -> str:
    """Write `value` in the place of `file`, under a name that ends in so many digits made from it; return that name, without its ending."""
    content = _MARK + _bytes(value)
    name = f"{file.stem.rpartition('_')[0]}_{hashlib.sha256(content).hexdigest()[:digits]}"
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as stream:
        stream.write(content)
    file.unlink()
    file.with_name(f"{name}{file.suffix}").write_bytes(packed.getvalue())
    return name


def _value(stream: io.BytesIO) -> Any:
    kind, small = divmod(stream.read(1)[0], 32)
    number = small if small < 24 else int.from_bytes(stream.read(1 << (small - 24)), "big")
    if kind == _TEXT:
        return stream.read(number).decode("utf-8")
    if kind == _LIST:
        return [_value(stream) for _ in range(number)]
    if kind != _NUMBER:
        raise ValueError(f"Pagefind writes CBOR of type {kind}, which macros/steady.py does not know")
    return number


def _bytes(value: Any) -> bytes:
    if isinstance(value, int):
        return _head(_NUMBER, value)
    if isinstance(value, str):
        return _head(_TEXT, len(value.encode())) + value.encode()
    return _head(_LIST, len(value)) + b"".join(map(_bytes, value))


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind * 32 + number])
    length = next(power for power in range(4) if number < 256 ** (1 << power))
    return bytes([kind * 32 + 24 + length]) + number.to_bytes(1 << length, "big")
