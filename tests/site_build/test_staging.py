"""Test the lock, the temporary folder and the replacement of site/, and writing single files."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from macros.site_build.atomic_build import alone, replace, staged, stoppable, why, write


def tree(folder: Path, name: str) -> Path:
    file = folder / name / "index.html"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    return folder


def files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_build_with_one_line_and_a_second_one_does_not_disturb_it(tmp_path: Path, sign: signal.Signals) -> None:
    tree(tmp_path / "site", "old")

    def stop() -> None:
        with stoppable(), staged(tmp_path) as folder:
            tree(folder, "half")
            try:
                os.kill(os.getpid(), sign)
            finally:
                os.kill(os.getpid(), sign)

    before = signal.signal(sign, signal.default_int_handler)  # even where the tests ignore it
    try:
        with pytest.raises(SystemExit, match=r"^Stopped\. site/ still holds the last complete build\.$"):
            stop()
        assert signal.getsignal(sign) is signal.default_int_handler
    finally:
        signal.signal(sign, before)
    assert files(tmp_path) == ["site/old/index.html"]


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_build_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []

    def second() -> None:
        with alone(tmp_path):
            order.append("second")

    with alone(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        said = ""
        while not said:
            said = capsys.readouterr().err
            time.sleep(0.01)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert said == "Another build is running in this folder. Waiting for it to finish.\n"


@pytest.mark.parametrize("before", [[], ["site/old/index.html"]])
def test_the_new_site_takes_the_place_of_the_old(tmp_path: Path, before: list[str]) -> None:
    if before:
        tree(tmp_path / "site", "old")
    with staged(tmp_path) as folder:
        tree(folder, "new")
        assert files(tmp_path) == sorted([f"{folder.name}/new/index.html", *before])
        replace(tmp_path / "site", folder)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert files(tmp_path) == ["site/new/index.html"]
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [OSError, SystemExit, KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("moved", [False, True])
def test_if_a_build_fails_the_old_site_stays(tmp_path: Path, error: type[BaseException], moved: bool) -> None:
    site = tree(tmp_path / "site", "old")

    def fail() -> None:
        with staged(tmp_path) as folder:
            tree(folder, "new")
            if moved:
                site.rename(f"{folder}-old")
            raise error

    with pytest.raises(error):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert files(tmp_path) == ["site/old/index.html"]


@pytest.mark.parametrize("moved", [False, True])
def test_what_a_killed_build_left_is_put_right(tmp_path: Path, moved: bool) -> None:
    tree(tmp_path / ".site-killed-old", "old")
    tree(tmp_path / ".site-killed", "half")
    if not moved:
        tree(tmp_path / "site", "new")
    with staged(tmp_path):
        assert files(tmp_path) == ["site/old/index.html" if moved else "site/new/index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


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
