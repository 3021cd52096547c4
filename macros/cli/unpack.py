"""A copy of the site that somebody else has packed is unpacked only if it is nothing but such a copy."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from macros.cli.reporters import reporting, tell
from macros.model.problem import Format, InvalidDataError, Problem
from macros.outputs.offline_zip import FOLDER
from macros.text.escaping import plain

KINDS = frozenset(
    {"css", "csv", "html", "ico", "jpg", "js", "json", "jsonld", "pdf", "png", "svg", "txt", "webp", "woff2", "xlsx", "xml"}
    | {"pagefind", "pf_filter", "pf_fragment", "pf_index", "pf_meta"}
)
"""How the names of the site's files end."""

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")
_LONGEST_PATH = 200
_PIECE = 1 << 16
_INSTEAD = f"pack the site anew, with make zip; it makes {FOLDER}.zip"
_ANSWERS = 50
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Limits(NamedTuple):
    """How large a packed copy may be: as it comes, unpacked, each of its files, all in bytes; and how many files it may hold."""

    packed: int = 100_000_000
    unpacked: int = 300_000_000
    file: int = 30_000_000
    files: int = 10_000


def unpacked(file: Path, folder: Path, limits: Limits | None = None) -> int:
    """Unpack the copy of the site in `file` as `folder`, which must not exist yet; return how many files it has.

    Nothing that the file says of itself is believed. Raise InvalidDataError with all that is wrong; then nothing is written.
    """
    limits = limits or Limits()
    if file.is_symlink() or not file.is_file():
        raise InvalidDataError([_wrong(file, "missing-file", "no file")])
    if file.stat().st_size > limits.packed:
        raise InvalidDataError([_wrong(file, "too-large", f"larger than {_size(limits.packed)}")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            if problems := list(_problems(file, entries, limits)):
                raise InvalidDataError(problems[:_ANSWERS])
            _write(file, packed, beside, limits)
        beside.chmod(0o755)
        beside.rename(folder)
    except _UNREADABLE as error:
        raise InvalidDataError([_wrong(file, "syntax", f"it cannot be unpacked ({plain(str(error))[:100]})")]) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(entries)


def _problems(file: Path, entries: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Problem]:
    """Yield what is wrong with the names and kinds of `entries`, before anything of them is read."""
    if len(entries) > limits.files:
        yield _wrong(file, "too-many", f"{len(entries)} files, more than {limits.files}")
    seen: set[str] = set()
    folders = {"/".join(parts[:n]).casefold() for e in entries if (parts := e.filename.split("/")) for n in range(1, len(parts))}
    for entry in entries:
        name = entry.orig_filename
        parts = name.split("/")
        mode = stat.S_IFMT(entry.external_attr >> 16)
        if mode not in (0, stat.S_IFREG) or name.endswith("/") or name.casefold() in folders:
            yield _wrong(file, "special", "a folder, a link or something else that is no file", name)
        if parts[0] != FOLDER or len(parts) < 2 or ".." in parts:
            yield _wrong(file, "file-name", f"a name that leads out of the folder {FOLDER}/", name)
        elif not all(_PART.fullmatch(part) for part in parts) or len(name) > _LONGEST_PATH or name != entry.filename:
            yield _wrong(file, "file-name", "a name that no file of the site has", name)
        elif name.rpartition(".")[2] not in KINDS:
            yield _wrong(file, "file-kind", "a kind of file that the site does not have", name)
        if name.casefold() in seen:
            yield _wrong(file, "same-name", "the name of another file too, but perhaps for capitals", name)
        seen.add(name.casefold())
        if entry.flag_bits & 1:
            yield _wrong(file, "locked", "it has a password", name)
        elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield _wrong(file, "packing", "packed in a way that make zip does not use", name)
    if f"{FOLDER}/index.html" not in seen:
        yield _wrong(file, "missing-file", f"no {FOLDER}/index.html in it")


def _write(file: Path, packed: zipfile.ZipFile, folder: Path, limits: Limits) -> None:
    """Write the files of `packed` into `folder`, counting bytes as they come; raise InvalidDataError when there are too many."""
    left = limits.unpacked
    for entry in packed.infolist():
        target = folder.joinpath(*entry.filename.split("/")[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with packed.open(entry) as source, target.open("xb") as made:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > limits.file:
                    raise InvalidDataError([_wrong(file, "too-large", f"larger than {_size(limits.file)} unpacked", entry.filename)])
                if size > left:
                    raise InvalidDataError([_wrong(file, "too-large", f"larger than {_size(limits.unpacked)} unpacked, in all")])
                made.write(piece)
        left -= size


def _wrong(file: Path, name: str, wrong: str, entry: str = "") -> Problem:
    where = f'"{" ".join(plain(entry).split())[:_LONGEST_PATH]}": ' if entry else ""
    return Problem(file.as_posix(), 1, 1, name, f"{where}{wrong}", _INSTEAD)


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1e6:g} MB"


@click.command()
@reporting
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", help="The packed copy, as svf zip makes it.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder to make of it.")
def unpack(file: Path, folder: Path, form: Format, summary: Path | None) -> None:
    """Unpack FILE, a copy of the site that somebody else may have packed, as FOLDER.

    FILE may hold nothing but what svf zip packs, and no more than a site needs; otherwise nothing is written, and all that is
    wrong is said.
    """
    if folder.exists() or folder.is_symlink():
        raise click.UsageError(f"There is a {folder} already; name a folder that is not there yet.")
    try:
        files = unpacked(file, folder)
    except InvalidDataError as error:
        tell(error.problems, form, summary)
        raise SystemExit(1) from None
    click.echo(f"Unpacked {files} files into {folder}", err=True)
