"""A build that is stopped, killed or cannot write leaves the last good site, says so, and the next build works."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.site_build.atomic_build import alone
from tests.conftest import make_project, svf

# Code that runs before a build, so that the process gets a {signal} at one moment of it.
MOMENTS = {
    "pages": "import mkdocs.utils as m; real = m.write_file; m.write_file = lambda *a: (real(*a), {signal} if 'values' in a[1] else 0)",
    "index": "import macros.site_build.search_index as m; real = m._index; m._index = lambda *a: (real(*a), {signal})",
    "between": "import macros.__main__ as m; m.replace = lambda site, new: (site.rename(f'{{new}}-old'), {signal})",
}
HEARS = "import signal; [signal.signal(sign, signal.SIG_DFL) for sign in (signal.SIGINT, signal.SIGHUP)]"  # even if the tests do not
SEND = "__import__('os').kill(__import__('os').getpid(), {})"
BUILD = "from macros.__main__ import main; main(['build'])"


def build(project: Path, before: str = "", *, counted: bool = True) -> subprocess.Popen[str]:
    """Start a build of `project` in a process of its own, after `before`; if not `counted`, it writes no file for `make coverage`."""
    environment = {name: value for name, value in os.environ.items() if counted or not name.startswith("COVERAGE_")}
    words = [sys.executable, "-c", f"{HEARS}\n{before}\n{BUILD}"]
    return subprocess.Popen(words, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A small project that was built, and its site."""
    project = make_project(tmp_path_factory.mktemp("built"))
    done = svf(project, "build")
    assert done.returncode == 0, done.stderr
    return project, tree(project / "site")


def good(project: Path, site: dict[str, bytes]) -> None:
    """Assert that `project` has the good `site` and no temporary folder."""
    assert tree(project / "site") == site
    assert not list(project.glob(".site-*"))


def fails(error: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, "x", "site/x")

    return fail


@pytest.mark.parametrize(("moment", "sign"), [("pages", signal.SIGTERM), ("index", signal.SIGINT)])
def test_a_build_that_is_stopped_says_so(built: tuple[Path, dict[str, bytes]], moment: str, sign: signal.Signals) -> None:
    process = build(built[0], MOMENTS[moment].format(signal=SEND.format(int(sign))))
    said = process.communicate()[1]
    assert (process.returncode, said.splitlines()[-1]) == (1, "Stopped. site/ still holds the last complete build.")
    assert "Traceback" not in said
    good(*built)


def test_a_second_build_waits_and_can_be_stopped_while_it_does(built: tuple[Path, dict[str, bytes]]) -> None:
    with alone(built[0]):
        process = build(built[0])
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any(line == "Another build is running in this folder. Waiting for it to finish.\n" for line in lines)
        process.send_signal(signal.SIGHUP)
        said = process.communicate()[1]
    assert (process.returncode, said) == (1, "Stopped. site/ still holds the last complete build.\n")
    good(*built)


def test_two_builds_in_one_folder_do_not_mix(built: tuple[Path, dict[str, bytes]]) -> None:
    with alone(built[0]):
        process = build(built[0])
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any("Waiting" in line for line in lines)
    done = svf(built[0], "build")
    assert "Built" in process.communicate()[1]
    assert (process.returncode, done.returncode) == (0, 0)
    good(*built)


def test_the_build_after_one_that_was_killed_puts_the_last_good_site_back(
    built: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, site = built
    process = build(project, MOMENTS["between"].format(signal=SEND.format(int(signal.SIGKILL))))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (project / "site").exists()
    assert len(list(project.glob(".site-*"))) == 2
    monkeypatch.setattr("macros.site_build.mkdocs_hooks.build", fails(errno.ENOSPC))
    failed = svf(project, "build")
    assert failed.returncode == 1
    assert "Waiting" not in failed.stderr
    good(project, site)


@pytest.mark.parametrize(
    ("step", "error", "said"),
    [
        ("macros.site_build.search_index._index", errno.ENOSPC, "There is no room left on the disk; make some, and try again."),
        ("macros.__main__.replace", errno.EDQUOT, "There is no room left on the disk; make some, and try again."),
        ("tempfile.mkdtemp", errno.EACCES, "site/x may not be written or read by this account; ask whoever looks after the machine."),
    ],
)
def test_a_build_that_cannot_write_says_why(
    built: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch, step: str, error: int, said: str
) -> None:
    monkeypatch.setattr(step, fails(error))
    done = svf(built[0], "build")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"Not built. {said} The last good site/ is untouched.")
    good(*built)


def test_a_build_whose_files_grow_too_large_says_so(built: tuple[Path, dict[str, bytes]]) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))"
    process = build(built[0], f"import sys; sys.dont_write_bytecode = True; {limit}", counted=False)
    said = process.communicate()[1]
    assert process.returncode == 1, said
    assert "The last good site/ is untouched." in said.splitlines()[-1]
    assert "Traceback" not in said
    good(*built)


@pytest.mark.parametrize("command", ["schema", "zip"])
def test_other_commands_that_cannot_write_say_why_and_leave_what_was_there(
    built: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    project, _ = built
    (project / "framework.zip").write_bytes(b"old")

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:5])
        raise OSError(errno.ENOSPC, "x", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    done = svf(project, command)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "Stopped. There is no room left on the disk; make some, and try again.")
    assert (project / "framework.zip").read_bytes() == b"old"
    assert not list(project.rglob("*.new"))
