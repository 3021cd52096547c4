"""The command unpack: unpack a zip file of the site from an untrusted source safely."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import click

from macros.cli.reporters import print_problems, reporting_options
from macros.model.problem import Format, InvalidDataError, Problem
from macros.outputs.offline_zip import FOLDER
from macros.text.escaping import escape_log

KINDS = frozenset(
    {"css", "csv", "html", "ico", "jpg", "js", "json", "jsonld", "pdf", "png", "svg", "txt", "webp", "woff2", "xlsx", "xml"}
    | {"pagefind", "pf_filter", "pf_fragment", "pf_index", "pf_meta"}
)
"""The file name extensions of the site."""

_PATH = re.compile(rf"{FOLDER}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.))+")
MAX_ZIP_SIZE, MAX_TOTAL_SIZE, MAX_FILE_SIZE = 100_000_000, 300_000_000, 30_000_000
"""Maximum sizes in bytes: of the zip file, of all its files unpacked, and of one file."""

MAX_FILES = 10_000
_MAX_PATH = 200
_CHUNK = 1 << 16
_INSTEAD = f"make {FOLDER}.zip again with make zip"
_MAX_PROBLEMS = 50
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def unpacked(file: Path, folder: Path) -> int:
    """Unpack the copy of the site in `file` as `folder`, which must not exist yet; return how many files it has.

    The sizes that the zip file states are not trusted. Raise InvalidDataError with all problems; then nothing is written.
    """
    if file.is_symlink() or not file.is_file():
        raise InvalidDataError([_problem(file, "missing-file", "not a file")])
    if file.stat().st_size > MAX_ZIP_SIZE:
        raise InvalidDataError([_problem(file, "too-large", f"larger than {_size(MAX_ZIP_SIZE)}")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if problems := list(_problems(file, entries)):
                raise InvalidDataError(problems[:_MAX_PROBLEMS])
            _extract(file, archive, temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except _UNREADABLE as error:
        raise InvalidDataError([_problem(file, "syntax", f"cannot be unpacked ({escape_log(str(error))[:100]})")]) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(entries)


def _problems(file: Path, entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """Yield what is wrong with the names and kinds of `entries`, before their content is read."""
    if len(entries) > MAX_FILES:
        yield _problem(file, "too-many", f"{len(entries)} files, more than {MAX_FILES}")
    folders = {"/".join(parts[:n]).casefold() for e in entries if (parts := e.filename.split("/")) for n in range(1, len(parts))}
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG) or name.endswith("/") or name.casefold() in folders:
            yield _problem(file, "special", "a folder, link or device, not a file", name)
        elif not _PATH.fullmatch(name) or len(name) > _MAX_PATH or name != entry.filename:
            yield _problem(file, "file-name", f"not a file name of the site in {FOLDER}/", name)
        elif name.rpartition(".")[2] not in KINDS:
            yield _problem(file, "file-kind", "not a kind of file of the site", name)
        elif name.casefold() in seen:
            yield _problem(file, "same-name", "two files have this name, perhaps in capitals", name)
        elif entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield _problem(file, "packing", "encrypted, or compressed differently from make zip", name)
        seen.add(name.casefold())
    if f"{FOLDER}/index.html" not in seen:
        yield _problem(file, "missing-file", f"no {FOLDER}/index.html in it")


def _extract(file: Path, archive: zipfile.ZipFile, folder: Path) -> None:
    """Write the files of `archive` into `folder`, counting bytes; raise InvalidDataError when there are too many."""
    total = 0
    for entry in archive.infolist():
        target = folder.joinpath(*entry.filename.split("/")[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with archive.open(entry) as source, target.open("xb") as output:
            while chunk := source.read(_CHUNK):
                size, total = size + len(chunk), total + len(chunk)
                if size > MAX_FILE_SIZE:
                    raise InvalidDataError([_problem(file, "too-large", f"larger than {_size(MAX_FILE_SIZE)} unpacked", entry.filename)])
                if total > MAX_TOTAL_SIZE:
                    raise InvalidDataError([_problem(file, "too-large", f"larger than {_size(MAX_TOTAL_SIZE)} unpacked")])
                output.write(chunk)


def _problem(file: Path, name: str, wrong: str, entry: str = "") -> Problem:
    where = f'"{" ".join(escape_log(entry).split())[:_MAX_PATH]}": ' if entry else ""
    return Problem(file.as_posix(), 1, 1, name, f"{where}{wrong}", _INSTEAD)


def _size(size: int) -> str:
    return f"{size / 1e6:g} MB"


@click.command()
@reporting_options
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", help="The zip file, as svf zip makes it.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder to write, which must not exist.")
def unpack(file: Path, folder: Path, form: Format, summary: Path | None) -> None:
    """Unpack FILE, a copy of the site from an untrusted source, as FOLDER.

    FILE may hold only what svf zip packs, within the size of a site. Otherwise nothing is written, and every problem is listed.
    """
    if folder.exists() or folder.is_symlink():
        raise click.UsageError(f"{folder} already exists. Name a new folder.")
    try:
        files = unpacked(file, folder)
    except InvalidDataError as error:
        print_problems(error.problems, form, summary)
        raise SystemExit(1) from None
    click.echo(f"Unpacked {files} files into {folder}", err=True)
