"""The built site as a zip file whose pages open from a folder, without a server."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from macros.model.output import Output
from macros.outputs.cms import FOLDER as FORM

FOLDER = "framework"  # the folder in the zip file
_TAG = re.compile(r"<[a-z][^<>]*>")
_IN_FORM = re.compile(rf'<li><a href="[./]*{FORM}/#/[^"]*">.*?</li>\n')
_LINK = re.compile(r'(\s(?:href="|action="|content="0; url=))([^"]*)"')


def offline_zip(site: Path, day: date) -> Output:
    """Return the built `site` as a zip file with files dated `day`; the form at /edit/ is left out, since it needs a web server."""
    return Output(f"{FOLDER}.zip", packed(((f"{FOLDER}/{path}", content) for path, content in _files(site)), day))


def packed(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Return a zip file of `files`, paths and contents, dated `day`; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in files:
            info = zipfile.ZipInfo(path, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(site.rglob("*"), key=lambda file: file.relative_to(site).as_posix()):
        path = file.relative_to(site).as_posix()
        if file.is_file() and path not in ("_headers", "404.html", "sitemap.xml", "sitemap.xml.gz") and not path.startswith(f"{FORM}/"):
            content = file.read_bytes()
            yield path, by_file(_IN_FORM.sub("", content.decode())).encode() if path.endswith(".html") else content


def by_file(page: str) -> str:
    """Return the HTML of a `page` whose links to folders lead to the index.html in them; links off the site stay."""
    return _TAG.sub(lambda tag: _LINK.sub(_to_file, tag[0]), page)


def _to_file(link: re.Match[str]) -> str:
    target = urlsplit(html.unescape(link[2]))
    if target.scheme or target.netloc or not target.path:
        return link[0]
    path = target.path
    if path.rpartition("/")[2] in ("", ".", ".."):
        path = f"{path.removesuffix('/')}/index.html"
    return f'{link[1]}{html.escape(urlunsplit(target._replace(path=path)))}"'
