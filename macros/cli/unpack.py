"""The command unpack: unpack a zip file of the site from an untrusted source safely."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import click

from macros.cli.context import CommandError
from macros.outputs.offline_zip import FOLDER
from macros.text.escaping import escape_log

# The file name extensions of the site, and those of its search index.
_EXTENSIONS = "css|csv|docx|html|ico|jpg|js|json|pdf|png|svg|txt|webp|woff2|xlsx|xml|pagefind|pf_filter|pf_fragment|pf_index|pf_meta"
_PATH = re.compile(rf"{FOLDER}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*/[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:{_EXTENSIONS})")
MAX_FILES, MAX_SIZE = 10_000, 300_000_000  # how many files there may be, and how many bytes they may have in all, unpacked


def unpacked(file: Path, folder: Path) -> int:
    """Unpack the copy of the site in `file`, which is not trusted, as the new `folder`; return how many files it has.

    zipfile makes no links, and writes no more of a file than its entry says it holds.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                if wrong := list(_refused(entries)):
                    raise _error(file, *wrong)
                archive.extractall(temporary)
            (Path(temporary) / FOLDER).rename(folder)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            raise _error(file, f"cannot be unpacked ({escape_log(str(error))[:100]})") from None
    return len(entries)


def _refused(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Yield what is wrong with the number, size, names and compression of `entries`, before their content is read."""
    if len(entries) > MAX_FILES:
        yield f"{len(entries)} files, more than {MAX_FILES}"
    elif sum(entry.file_size for entry in entries) > MAX_SIZE:
        yield f"larger than {MAX_SIZE / 1e6:g} MB unpacked"
    else:
        for entry in entries:
            if not _PATH.fullmatch(entry.orig_filename) or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                yield f'"{" ".join(escape_log(entry.orig_filename).split())[:200]}": not a file of the site in {FOLDER}/'
        if not any(entry.filename == f"{FOLDER}/index.html" for entry in entries):
            yield f"no {FOLDER}/index.html in it"


def _error(file: Path, *wrong: str) -> click.ClickException:
    return click.ClickException(f"{file} is refused; make {FOLDER}.zip again with make zip:\n" + "\n".join(wrong))


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", help="The zip file, as svf zip makes it.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder to write, which must not exist.")
def unpack(file: Path, folder: Path) -> None:
    """Unpack FILE, a copy of the site from an untrusted source, as FOLDER.

    FILE may hold only what svf zip packs, within the size of a site. Otherwise nothing is written, and every problem is listed.
    """
    if folder.exists() or folder.is_symlink():
        raise CommandError(f"{folder} already exists. Name a new folder.")
    click.echo(f"Unpacked {unpacked(file, folder)} files into {folder}", err=True)
