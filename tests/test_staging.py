"""A build has its own folder and no other build beside it; whatever happens, nothing is left behind."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from macros.staging import alone, replace, staged, stoppable, why, write


def test_a_staging_folder_goes_whatever_happens(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path) as folder:
            (folder / "page.html").touch()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not list(tmp_path.glob(".site-*"))


def test_a_stopped_build_leaves_no_staging_folder(tmp_path: Path) -> None:
    def stop() -> None:
        with stoppable(), staged(tmp_path):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)

    with pytest.raises(SystemExit, match="The last good site/ is untouched"):
        stop()
    assert not list(tmp_path.glob(".site-*"))


def test_a_second_build_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []

    def second() -> None:
        with alone(tmp_path):
            order.append("second")

    with alone(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        while "waiting" not in capsys.readouterr().err:
            time.sleep(0.01)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def tree(folder: Path, name: str) -> Path:
    file = folder / name / "index.html"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    return folder


def test_the_new_site_takes_the_place_of_the_old(tmp_path: Path) -> None:
    site, staging = tree(tmp_path / "site", "old"), tree(tmp_path / "staging", "new")
    replace(site, staging)
    assert (site / "new/index.html").exists()
    assert not (site / "old").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site"]


def test_the_first_site_needs_no_old_one(tmp_path: Path) -> None:
    replace(tmp_path / "site", tree(tmp_path / "staging", "new"))
    assert (tmp_path / "site/new/index.html").exists()


def test_if_it_fails_the_old_site_stays(tmp_path: Path) -> None:
    site = tree(tmp_path / "site", "old")
    with pytest.raises(OSError, match="staging"):
        replace(site, tmp_path / "staging")
    assert (site / "old/index.html").exists()


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot let two folders change places in one step."""

    def missing(_: object) -> None:
        raise OSError

    monkeypatch.setattr("ctypes.CDLL", missing)


@pytest.mark.usefixtures("no_exchange")
def test_the_new_site_takes_the_place_of_the_old_on_other_systems_too(tmp_path: Path) -> None:
    test_the_new_site_takes_the_place_of_the_old(tmp_path)


@pytest.mark.usefixtures("no_exchange")
def test_if_it_fails_the_old_site_stays_on_other_systems_too(tmp_path: Path) -> None:
    test_if_it_fails_the_old_site_stays(tmp_path)


def test_a_site_that_a_killed_build_had_moved_away_comes_back(tmp_path: Path) -> None:
    tree(tmp_path / ".site-killed-old", "old")
    tree(tmp_path / ".site-killed", "half")
    with staged(tmp_path):
        assert (tmp_path / "site/old/index.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_site_that_is_there_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    tree(tmp_path / ".site-killed-old", "old")
    tree(tmp_path / "site", "new")
    with staged(tmp_path):
        assert (tmp_path / "site/new/index.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_that_comes_too_late_stops_nothing() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable() as deaf:
        deaf()
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "framework.zip"
    file.write_bytes(b"old")
    file.chmod(0o640)

    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(content[:1])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", half)
        with pytest.raises(OSError, match="No space"):
            write(file, b"new")
    assert file.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["framework.zip"]
    write(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_new_file_needs_no_old_one(tmp_path: Path) -> None:
    write(tmp_path / "new.txt", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"new.txt": b"new"}


NOT_ALLOWED = "may not be written or read by this account; ask whoever looks after the machine."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x", "a"), "There is no room left on the disk; make some, and try again."),
        (OSError(errno.EDQUOT, "x"), "There is no room left on the disk; make some, and try again."),
        (OSError(errno.EFBIG, "x"), "A file would be larger than this account may write."),
        (
            OSError(errno.EROFS, "x", "data/a.yml"),
            f"data/a.yml {NOT_ALLOWED}",
        ),
        (PermissionError(errno.EACCES, "x", b"a"), f"a {NOT_ALLOWED}"),
        (OSError(errno.EIO, "Input/output error"), "A file: Input/output error."),
        (OSError("odd"), "A file: odd."),
    ],
)
def test_what_stops_writing_is_said_in_plain_words(error: OSError, said: str) -> None:
    assert why(error) == said
