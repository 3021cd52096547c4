"""svf unpack accepts only zip files that make zip makes; hostile ones write nothing and get plain messages."""

from __future__ import annotations

import stat
import struct
import zipfile
from datetime import date
from pathlib import Path

import click
import pytest

from macros.cli.unpack import unpacked
from macros.outputs.offline_zip import offline_zip
from tests.conftest import svf

INDEX = ("framework/index.html", b"<p>x</p>")


def entry(name: str, mode: int = stat.S_IFREG | 0o644, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    info.external_attr, info.compress_type = mode << 16, packing
    return info


def zipped(folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """Pack `entries`, whatever their names, with a page that makes it look like a copy of the site."""
    file = folder / "framework.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (INDEX, *entries):
            made.writestr(name if isinstance(name, zipfile.ZipInfo) else entry(name), content)
    return file


def refused(file: Path) -> list[str]:
    """Return what is wrong with `file`; nothing may be written."""
    before = sorted(file.parent.rglob("*"))
    with pytest.raises(click.ClickException) as error:
        unpacked(file, file.parent / "out")
    assert sorted(file.parent.rglob("*")) == before
    return error.value.message.split("\n")[1:]


@pytest.mark.costly
def test_the_zip_file_of_the_site_is_unpacked_completely(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "framework.zip"
    file.write_bytes(offline_zip(site, date(2026, 11, 22)).content)
    count = unpacked(file, tmp_path / "deep/out")
    files = {f.relative_to(tmp_path / "deep/out").as_posix(): f for f in (tmp_path / "deep/out").rglob("*") if f.is_file()}
    assert len(files) == count > 100
    assert files["downloads/framework.pdf"].read_bytes() == (site / "downloads/framework.pdf").read_bytes()
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["out"]
    assert stat.S_IMODE((tmp_path / "deep/out").stat().st_mode) == 0o755


BAD_NAMES = """../out.html framework/../../out.html framework/.. /framework/a.html //host/a.html other/a.html a.html C:/a.html
framework\\a.html framework/..\\a.html framework/C:a.html framework//a.html framework/./a.html framework/.git.html
framework/.well-known/a.html framework/a.html. framework/-rf.html framework/é.html framework/a/ framework/a.php framework/_headers
framework/a.html.sh framework/CNAME""".split()  # noqa: SIM905


def test_a_name_that_no_file_of_the_site_has_is_refused(tmp_path: Path) -> None:
    names = [*BAD_NAMES, "framework/a.html ", "framework/a\nb.html", "framework/a\x00b.html"]
    problems = refused(zipped(tmp_path, *((name, b"x") for name in names)))
    assert len(problems) == len(names)
    assert problems[0] == '"../out.html": not a file of the site in framework/'
    assert not any("\n" in problem or "\x00" in problem for problem in problems)


def test_a_link_becomes_a_file(tmp_path: Path) -> None:
    assert unpacked(zipped(tmp_path, (entry("framework/a.html", stat.S_IFLNK | 0o777), b"/etc/passwd")), tmp_path / "out") == 2
    assert not (tmp_path / "out/a.html").is_symlink()
    assert (tmp_path / "out/a.html").read_bytes() == b"/etc/passwd"


@pytest.mark.parametrize("names", [["framework/a.js", "framework/a.js/b.html"], [f"framework/{'a' * 300}.html"]])
def test_names_that_cannot_be_written_are_refused(tmp_path: Path, names: list[str]) -> None:
    (problem,) = refused(zipped(tmp_path, *((name, b"") for name in names)))
    assert problem.startswith("cannot be unpacked (")


@pytest.mark.parametrize(
    ("limit", "value", "wrong"), [("MAX_SIZE", 150_000, "larger than 0.15 MB unpacked"), ("MAX_FILES", 2, "3 files, more than 2")]
)
def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, wrong: str) -> None:
    monkeypatch.setattr(f"macros.cli.unpack.{limit}", value)
    assert refused(zipped(tmp_path, ("framework/a.html", b"0" * 100_000), ("framework/b.html", b"0" * 100_000))) == [wrong]


@pytest.mark.parametrize(("at", "form", "value"), [(8, "<H", 1), (24, "<I", 10), (16, "<I", 0)], ids=["encrypted", "size", "checksum"])
def test_a_file_with_a_wrong_header_is_refused(tmp_path: Path, at: int, form: str, value: int) -> None:
    file = zipped(tmp_path, ("framework/a.html", b"0" * 100_000))
    raw = bytearray(file.read_bytes())
    for mark, place in ((b"PK\x01\x02", at), (b"PK\x03\x04", at - 2)):
        struct.pack_into(form, raw, raw.rindex(mark) + place, value)
    file.write_bytes(raw)
    assert len(refused(file)) == 1


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\x00" * 18, b"PK\x03\x04" + b"\x00" * 100])
def test_a_file_that_is_not_a_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "framework.zip").write_bytes(content)
    assert len(refused(tmp_path / "framework.zip")) == 1


def test_the_command_unpacks_or_lists_problems(tmp_path: Path) -> None:
    zipped(tmp_path)
    done = svf(tmp_path, "unpack", "framework.zip", "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Unpacked 1 files into out\n")
    assert svf(tmp_path, "unpack", "framework.zip", "out").returncode == 2
    assert svf(tmp_path, "unpack", "none.zip", "other").returncode == 1
    zipped(tmp_path, ("../x.html", b""), (entry("framework/a.html", packing=zipfile.ZIP_LZMA), b"x"))
    done = svf(tmp_path, "unpack", "framework.zip", "other")
    assert (done.returncode, done.stderr.count("\n")) == (1, 3)
    assert done.stderr.startswith('Error: framework.zip is refused; make framework.zip again with make zip:\n"../x.html": not a file')
    assert not (tmp_path / "other").exists()
