"""A build has its own folder and no other build beside it; whatever happens, nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from macros.staging import alone, staged


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
        with staged(tmp_path):
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
