"""svf unpack accepts only zip files that make zip makes; hostile ones write nothing and get plain messages."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from macros.cli.unpack import KINDS, unpacked
from macros.model.problem import InvalidDataError, Problem
from macros.outputs.offline_zip import offline_zip
from tests.conftest import Done, svf

INDEX = ("framework/index.html", b"<p>x</p>")


def entry(name: str, mode: int = stat.S_IFREG | 0o644, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    info.external_attr, info.compress_type = mode << 16, packing
    return info


def packed(folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """Pack `entries`, whatever their names, with a page that makes it look like a copy of the site."""
    file = folder / "framework.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (INDEX, *entries):
            made.writestr(name if isinstance(name, zipfile.ZipInfo) else entry(name), content)
    return file


def refused(file: Path) -> list[Problem]:
    """Return the problems of `file`; nothing may be written."""
    home = file.parent
    before = sorted(home.rglob("*"))
    with pytest.raises(InvalidDataError) as error:
        unpacked(file, home / "out")
    assert sorted(home.rglob("*")) == before
    return list(error.value.problems)


@pytest.mark.costly
def test_the_zip_file_of_the_site_is_unpacked_completely(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "framework.zip"
    file.write_bytes(offline_zip(site, date(2026, 11, 22)).content)
    count = unpacked(file, tmp_path / "deep/out")
    files = {f.relative_to(tmp_path / "deep/out").as_posix(): f for f in (tmp_path / "deep/out").rglob("*") if f.is_file()}
    assert len(files) == count > 500
    assert files["downloads/framework.pdf"].read_bytes() == (site / "downloads/framework.pdf").read_bytes()
    assert {name.rpartition(".")[2] for name in files} <= KINDS
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["out"]
    assert stat.S_IMODE((tmp_path / "deep/out").stat().st_mode) == 0o755


BAD_NAMES = """../out.html framework/../../out.html framework/.. /framework/a.html //host/a.html other/a.html a.html C:/a.html
framework\\a.html framework/..\\a.html framework/C:a.html framework//a.html framework/./a.html framework/.git.html
framework/.well-known/a.html framework/a.html. framework/-rf.html framework/é.html""".split()  # noqa: SIM905


@pytest.mark.parametrize(
    "name", [*BAD_NAMES, "framework/a.html ", "framework/a\nb.html", "framework/a\x00b.html", f"framework/{'a' * 200}.html"]
)
def test_a_name_that_no_file_of_the_site_has_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = refused(packed(tmp_path, (name, b"x")))
    assert problem.name == "file-name"
    assert problem.wrong.endswith(": not a file name of the site in framework/")
    assert "\n" not in problem.message
    assert "\x00" not in problem.message


@pytest.mark.parametrize("name", ["framework/a.php", "framework/a.exe", "framework/_headers", "framework/a.html.sh", "framework/CNAME"])
def test_a_kind_of_file_that_the_site_does_not_have_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = refused(packed(tmp_path, (name, b"x")))
    assert problem.message == f'"{name}": not a kind of file of the site; make framework.zip again with make zip'


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_links_and_other_special_entries_are_refused(tmp_path: Path, mode: int) -> None:
    (problem,) = refused(packed(tmp_path, (entry("framework/a.html", mode | 0o777), b"/etc/passwd")))
    assert problem.name == "special"


def test_folders_and_files_in_place_of_folders_are_refused(tmp_path: Path) -> None:
    assert "special" in {p.name for p in refused(packed(tmp_path, ("framework/a/", b"")))}
    assert "special" in {p.name for p in refused(packed(tmp_path, ("framework/a.js", b""), ("framework/A.js/b.html", b"")))}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["framework/index.html", "framework/INDEX.html"])
def test_duplicate_names_are_refused_in_any_case(tmp_path: Path, name: str) -> None:
    (problem,) = refused(packed(tmp_path, (name, b"x")))
    assert problem.wrong == f'"{name}": two files have this name, perhaps in capitals'


def changed(file: Path, at: int, form: str, value: int) -> None:
    """Write `value` into the last header of the list at the end of `file`, and into the file's own header."""
    raw = bytearray(file.read_bytes())
    struct.pack_into(form, raw, raw.rindex(b"PK\x01\x02") + at, value)
    struct.pack_into(form, raw, raw.rindex(b"PK\x03\x04") + at - 2, value)
    file.write_bytes(raw)


def test_encrypted_and_unusually_compressed_files_are_refused(tmp_path: Path) -> None:
    file = packed(tmp_path, ("framework/a.html", b"x"))
    changed(file, 8, "<H", 1)
    assert [p.name for p in refused(file)] == ["packing"]
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert [p.name for p in refused(packed(tmp_path, (entry("framework/a.html", packing=packing), b"x")))] == ["packing"]


def test_all_problems_are_listed_up_to_a_limit(tmp_path: Path) -> None:
    problems = refused(packed(tmp_path, ("../a.html", b""), ("framework/a.sh", b""), (entry("framework/b.html", stat.S_IFLNK), b"")))
    assert {p.name for p in problems} == {"file-name", "file-kind", "special"}
    assert len(refused(packed(tmp_path, *((f"a{n}", b"") for n in range(200))))) == 50


@pytest.mark.parametrize(
    ("limit", "value", "wrong"),
    [
        ("MAX_FILE_SIZE", 99_999, '"framework/a.html": larger than 0.099999 MB unpacked'),
        ("MAX_TOTAL_SIZE", 150_000, "larger than 0.15 MB unpacked"),
        ("MAX_ZIP_SIZE", 100, "larger than 0.0001 MB"),
        ("MAX_FILES", 2, "3 files, more than 2"),
    ],
)
def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, wrong: str) -> None:
    monkeypatch.setattr(f"macros.cli.unpack.{limit}", value)
    file = packed(tmp_path, ("framework/a.html", b"0" * 100_000), ("framework/b.html", b"0" * 100_000))
    assert [p.wrong for p in refused(file)] == [wrong]


def test_a_file_that_states_a_wrong_size_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path, ("framework/a.html", b"0" * 100_000))
    changed(file, 24, "<I", 10)
    assert len(refused(file)) == 1


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\x00" * 18, b"PK\x03\x04" + b"\x00" * 100])
def test_a_file_that_is_not_a_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "framework.zip"
    file.write_bytes(content)
    assert len(refused(file)) == 1


def test_a_damaged_zip_file_is_refused(tmp_path: Path) -> None:
    content = packed(tmp_path, ("framework/a.html", bytes(range(256)) * 99)).read_bytes()
    file = tmp_path / "framework.zip"
    at = content.index(b"framework/a.html") + 40
    file.write_bytes(content[:at] + bytes(byte ^ 255 for byte in content[at : at + 20]) + content[at + 20 :])
    (problem,) = refused(file)
    assert problem.wrong.startswith("cannot be unpacked (")


def test_overlapping_files_are_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(entry("framework/index.html"), b"0" * 1000)
        zipped.writestr(entry("framework/other.html"), b"0" * 1000)
        zipped.filelist[1].header_offset = zipped.filelist[0].header_offset
    (tmp_path / "framework.zip").write_bytes(made.getvalue())
    assert len(refused(tmp_path / "framework.zip")) == 1


def test_a_symlink_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    packed(tmp_path).rename(tmp_path / "real.zip")
    (tmp_path / "framework.zip").symlink_to(tmp_path / "real.zip")
    assert [p.wrong for p in refused(tmp_path / "framework.zip")] == ["not a file"]
    assert [p.wrong for p in refused(tmp_path / "none.zip")] == ["not a file"]


def test_the_command_unpacks_or_lists_problems(tmp_path: Path) -> None:
    def run(*words: str) -> Done:
        return svf(tmp_path, "unpack", *words)

    packed(tmp_path)
    done = run("framework.zip", "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Unpacked 1 files into out\n")
    assert run("framework.zip", "out").returncode == 2
    packed(tmp_path, ("../x.html", b""))
    done = run("framework.zip", "other")
    assert done.returncode == 1
    assert done.stdout.startswith('framework.zip:1:1: "../x.html": not a file name of the site in framework/; make framework.zip')
    assert not (tmp_path / "other").exists()
