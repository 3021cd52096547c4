"""A build that is stopped at any step, finds no room or may not write leaves the last good site whole, says so, and the next one works."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from macros.staging import staged

from .conftest import make_project, served

# What stands before a build so that something happens at a certain moment of it: {do} does it.
MOMENTS = {
    "reading": "import macros.__main__ as m; m.checked = lambda *_: {do}",
    "pages": "import mkdocs.utils as m; real = m.write_file; m.write_file = lambda *a: (real(*a), {do} if 'values' in a[1] else 0)",
    "index": "import macros.search as m; real = m._index; m._index = lambda *a: (real(*a), {do})",
    "places": "import macros.__main__ as m; real = m.replace; m.replace = lambda *a: ({do}, real(*a))",
    "between": "import macros.staging as m; m._exchanged = lambda *a: (a[0].rename(str(a[1]) + '-old'), {do})[1]",
}
HEARS = "import signal; [signal.signal(sign, signal.SIG_DFL) for sign in (signal.SIGINT, signal.SIGHUP)]"  # even if the tests do not
STOP = "__import__('os').kill(__import__('os').getpid(), {sign})"
FAIL = "(_ for _ in ()).throw(OSError({error}, 'x', 'site/x'))"


def build(project: Path, before: str = "", *, counted: bool = True) -> subprocess.CompletedProcess[str]:
    """Build `project` after `before`; a build that is not `counted` writes no file for `make coverage`."""
    code = f"{HEARS}\n{before}\nfrom macros.__main__ import main\nmain(['build'])"
    known = {name: value for name, value in os.environ.items() if counted or not name.startswith("COVERAGE_")}
    return subprocess.run([sys.executable, "-c", code], cwd=project, env=known, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A small project that was built, and its site."""
    project = make_project(tmp_path_factory.mktemp("built"))
    done = build(project)
    assert done.returncode == 0, done.stderr
    return project, tree(project / "site")


def good(project: Path, site: dict[str, bytes]) -> None:
    """Assert that the next build finds and leaves nothing but the good `site` in `project`."""
    with staged(project):
        assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))


@pytest.mark.parametrize(
    ("moment", "sign"),
    [
        ("reading", signal.SIGINT),
        ("pages", signal.SIGTERM),
        ("pages", signal.SIGHUP),
        ("index", signal.SIGINT),
    ],
)
def test_a_build_that_is_stopped_says_so(built: tuple[Path, dict[str, bytes]], moment: str, sign: signal.Signals) -> None:
    project, site = built
    done = build(project, MOMENTS[moment].format(do=STOP.format(sign=int(sign))))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "Stopped. The last good site/ is untouched.")
    assert "Traceback" not in done.stderr
    assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))


def test_a_stop_that_comes_too_late_lets_the_build_end(built: tuple[Path, dict[str, bytes]]) -> None:
    project, site = built
    done = build(project, MOMENTS["places"].format(do=STOP.format(sign=int(signal.SIGTERM))))
    assert done.returncode == 0
    assert "Built" in done.stderr
    assert tree(project / "site") == site


@pytest.mark.parametrize("moment", ["pages", "places", "between"])
def test_the_build_after_one_that_was_killed_puts_all_right(built: tuple[Path, dict[str, bytes]], moment: str) -> None:
    project, site = built
    done = build(project, MOMENTS[moment].format(do=STOP.format(sign=int(signal.SIGKILL))))
    assert done.returncode == -signal.SIGKILL
    assert list(project.glob(".site-*"))
    good(project, site)


def test_a_build_that_was_killed_does_not_keep_the_next_one_waiting(built: tuple[Path, dict[str, bytes]]) -> None:
    project, site = built
    build(project, MOMENTS["between"].format(do=STOP.format(sign=int(signal.SIGKILL))))
    assert not (project / "site").exists()
    done = build(project)
    assert done.returncode == 0
    assert "waiting" not in done.stderr
    assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))


@pytest.mark.parametrize(
    ("moment", "error", "said"),
    [
        ("pages", errno.ENOSPC, "There is no room left on the disk; make some, and try again."),
        ("index", errno.EDQUOT, "There is no room left on the disk; make some, and try again."),
        ("places", errno.EACCES, "site/x may not be written or read by this account; ask whoever looks after the machine."),
    ],
)
def test_a_build_that_cannot_write_says_why(built: tuple[Path, dict[str, bytes]], moment: str, error: int, said: str) -> None:
    project, site = built
    done = build(project, MOMENTS[moment].format(do=FAIL.format(error=error)))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"Not built. {said} The last good site/ is untouched.")
    assert "Traceback" not in done.stderr
    good(project, site)


@pytest.mark.parametrize("most", [0, 1_000, 60_000, 120_000])
def test_a_build_whose_files_grow_too_large_says_so(built: tuple[Path, dict[str, bytes]], most: int) -> None:
    project, site = built
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    done = build(project, f"import sys; sys.dont_write_bytecode = True; {limit}", counted=False)
    assert done.returncode == 1, done.stderr
    assert "The last good site/ is untouched." in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    good(project, site)


def test_a_folder_that_may_not_be_written_in_is_named(built: tuple[Path, dict[str, bytes]]) -> None:
    project, site = built
    refuse = "import macros.staging as m; m.tempfile.mkdtemp = lambda **_: (_ for _ in ()).throw(PermissionError(13, 'x', '.site-x'))"
    done = build(project, refuse)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Not built. .site-x may not be written or read by this account" in done.stderr
    good(project, site)


@pytest.mark.parametrize("command", ["schema", "zip"])
def test_other_commands_that_cannot_write_say_why_and_leave_what_was_there(built: tuple[Path, dict[str, bytes]], command: str) -> None:
    project, _ = built
    (project / "framework.zip").write_bytes(b"old")
    code = f"""
import pathlib
def full(path, content):
    open(path, "wb").write(content[:5])
    raise OSError({errno.ENOSPC}, "x", str(path))
pathlib.Path.write_bytes = full
from macros.__main__ import main
main(["{command}"])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "Stopped. There is no room left on the disk; make some, and try again.")
    assert (project / "framework.zip").read_bytes() == b"old"
    assert not list(project.rglob("*.new"))


def test_a_site_that_is_served_is_whole_at_each_moment_of_a_build(built: tuple[Path, dict[str, bytes]]) -> None:
    project, _ = built
    missing: list[str] = []
    with served(project / "site") as address:
        running = subprocess.Popen([sys.executable, "-m", "macros", "build"], cwd=project, stderr=subprocess.PIPE, text=True)
        asked = 0
        while running.poll() is None:
            for page in ("", "values/", "glossary/"):
                asked += 1
                try:
                    urllib.request.urlopen(f"{address}{page}").read()  # noqa: S310  (our own server)
                except HTTPError as error:
                    missing.append(f"{page}: {error}")
    assert running.returncode == 0
    assert asked > 3
    assert missing == []


def test_two_builds_at_once_do_not_mix(built: tuple[Path, dict[str, bytes]]) -> None:
    project, site = built
    done: list[subprocess.CompletedProcess[str]] = []
    threads = [threading.Thread(target=lambda: done.append(build(project))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [d.returncode for d in done] == [0, 0]
    assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))
