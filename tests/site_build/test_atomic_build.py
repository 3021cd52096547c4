"""Test that a build that fails, waits, or is stopped or killed leaves the last good site, says so, and that the next build works."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.site_build.atomic_build import build_lock, replace, staging_folder, stoppable, write
from tests.conftest import make_project, svf


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def lay(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "index.html").write_text("x")
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_does_not_interrupt_the_clean_up_after_the_first(tmp_path: Path, number: signal.Signals) -> None:
    lay(tmp_path / "site", "old")

    def stop() -> None:
        with stoppable(), staging_folder(tmp_path) as folder:
            lay(folder, "half")
            try:
                os.kill(os.getpid(), number)
            finally:
                os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with pytest.raises(SystemExit, match=r"^Stopped\. site/ holds a complete build\.$"):
        stop()
    assert signal.getsignal(number) is before
    assert list(tree(tmp_path)) == ["site/old/index.html"]


@pytest.mark.parametrize("old", [True, False])
def test_the_new_site_replaces_the_old(tmp_path: Path, old: bool) -> None:
    if old:
        lay(tmp_path / "site", "old")
    with staging_folder(tmp_path) as folder:
        lay(folder, "new")
        assert (tmp_path / "site").exists() is old
        replace(tmp_path / "site", folder)
    assert list(tree(tmp_path)) == ["site/new/index.html"]
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(("error", "moved"), [(OSError, False), (KeyboardInterrupt, True)])
def test_the_old_site_stays_if_a_build_fails(tmp_path: Path, error: type[BaseException], moved: bool) -> None:
    site = lay(tmp_path / "site", "old")

    def fail() -> None:
        with staging_folder(tmp_path) as folder:
            lay(folder, "new")
            if moved:
                site.rename(f"{folder}-old")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tree(tmp_path)) == ["site/old/index.html"]


def test_a_file_is_written_completely_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "framework.zip"
    write(file, b"old")
    file.chmod(0o640)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", partly_written)
        with pytest.raises(OSError, match="disk"):
            write(file, b"new")
    assert tree(tmp_path) == {"framework.zip": b"old"}
    write(file, b"new")
    assert tree(tmp_path) == {"framework.zip": b"new"}
    assert file.stat().st_mode & 0o777 == 0o640


def partly_written(path: Path, content: bytes) -> int:
    with path.open("wb") as stream:
        stream.write(content[:1])
    raise OSError(errno.ENOSPC, "disk", str(path))


# Code that runs before a build, so that the process gets a {signal} at one moment of it.
MOMENTS = {
    "pages": "import mkdocs.utils as m; real = m.write_file; m.write_file = lambda *a: (real(*a), {signal} if 'values' in a[1] else 0)",
    "index": "import macros.site_build.search_index as m; real = m._index; m._index = lambda *a: (real(*a), {signal})",
    "between": "import macros.__main__ as m; m.replace = lambda site, new: (site.rename(f'{{new}}-old'), {signal})",
}
LISTEN = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"  # the tests may run where Ctrl-C is ignored
SEND = "__import__('os').kill(__import__('os').getpid(), {})"
BUILD = "from macros.__main__ import main; main(['build'])"
Built = tuple[Path, dict[str, bytes]]
"""A small project that was built, and the files of its site."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = make_project(tmp_path_factory.mktemp("built"))
    result = svf(project, "build")
    assert result.returncode == 0, result.stderr
    return project, tree(project / "site")


def start_build(project: Path, before: str = "") -> subprocess.Popen[str]:
    """Start a build of `project` in its own process, after the code `before`."""
    command = [sys.executable, "-c", f"{LISTEN}\n{before}\n{BUILD}"]
    return subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_it_waits(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    assert any("Another build or release is running in this folder. Waiting" in line for line in iter(process.stderr.readline, ""))


def assert_good(project: Path, site: dict[str, bytes]) -> None:
    assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))


def failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, "x", "site/x")

    return fail


@pytest.mark.parametrize(("moment", "number"), [("pages", signal.SIGTERM), ("index", signal.SIGINT)])
def test_a_stopped_build_ends_with_one_line(built: Built, moment: str, number: signal.Signals) -> None:
    process = start_build(built[0], MOMENTS[moment].format(signal=SEND.format(int(number))))
    errors = process.communicate()[1]
    assert (process.returncode, errors.splitlines()[-1]) == (1, "Stopped. site/ holds a complete build.")
    assert "Traceback" not in errors
    assert_good(*built)


def test_a_second_build_waits_for_the_first_and_can_be_stopped(built: Built) -> None:
    with build_lock(built[0]):
        stopped, waiting = start_build(built[0]), start_build(built[0])
        wait_until_it_waits(stopped)
        wait_until_it_waits(waiting)
        stopped.send_signal(signal.SIGINT)
        errors = stopped.communicate()[1]
    assert (stopped.returncode, errors) == (1, "Stopped. site/ holds a complete build.\n")
    assert "Built" in waiting.communicate()[1]
    assert_good(*built)


def test_the_build_after_a_killed_one_puts_the_last_good_site_back(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    project, site = built
    process = start_build(project, MOMENTS["between"].format(signal=SEND.format(int(signal.SIGKILL))))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (project / "site").exists()
    monkeypatch.setattr("macros.site_build.mkdocs_hooks.build", failing(errno.ENOSPC))
    assert svf(project, "build").returncode == 1
    assert_good(project, site)


@pytest.mark.parametrize(
    ("step", "number", "reason"),
    [
        ("macros.site_build.search_index._index", errno.ENOSPC, "The disk is full. Free some space and try again."),
        ("macros.__main__.replace", errno.EDQUOT, "The disk is full. Free some space and try again."),
        ("tempfile.mkdtemp", errno.EACCES, "site/x: x."),
    ],
)
def test_a_build_that_cannot_write_says_why(built: Built, monkeypatch: pytest.MonkeyPatch, step: str, number: int, reason: str) -> None:
    monkeypatch.setattr(step, failing(number))
    result = svf(built[0], "build")
    assert (result.returncode, result.stderr.splitlines()[-1]) == (1, f"Not built. {reason} The last good site/ is untouched.")
    assert_good(*built)


@pytest.mark.parametrize("command", ["schema", "zip"])
def test_other_commands_that_cannot_write_say_why_and_change_nothing(built: Built, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    project, _ = built
    (project / "framework.zip").write_bytes(b"old")
    monkeypatch.setattr(Path, "write_bytes", partly_written)
    result = svf(project, command)
    assert (result.returncode, result.stderr.splitlines()[-1]) == (1, "Stopped. The disk is full. Free some space and try again.")
    assert (project / "framework.zip").read_bytes() == b"old"
    assert not list(project.rglob("*.new"))
