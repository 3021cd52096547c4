"""Ctrl-C while the command is being loaded leaves one plain line, and afterwards everything is as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STOPS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # even where the tests run without one, as in the background
class Stops:
    def find_spec(self, name, *_):
        if name == "macros.{module}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stops())
import runpy
sys.argv = ["svf", "{command}"]
runpy.run_module("macros", run_name="__main__")
"""


@pytest.mark.parametrize(("command", "module"), [("check", "project"), ("build", "fields"), ("check", "suggest")])
def test_a_command_that_is_stopped_while_it_is_loaded_says_one_line(project: Path, command: str, module: str) -> None:
    code = STOPS.format(module=module, command=command)
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped before anything was done.\n")


@pytest.mark.parametrize("before", ["signal.default_int_handler", "signal.SIG_IGN"])
def test_once_it_is_loaded_all_is_as_it_was(project: Path, before: str) -> None:
    code = (
        f"import signal; signal.signal(signal.SIGINT, {before}); import macros.__main__; print(signal.getsignal(signal.SIGINT) is {before})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_a_command_that_is_stopped_at_work_shows_no_traceback(project: Path) -> None:
    code = (
        "import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler); import macros.__main__ as m; "
        "m.read_project = lambda *_: os.kill(os.getpid(), signal.SIGINT); m.main(['check'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, "Aborted!")
