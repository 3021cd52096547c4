"""The commands with which another county starts, in PUBLISHING.md, make a project whose site passes the tests of ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_release import store
from tests.conftest import ROOT
from tests.history.test_git import git

COMMANDS = (ROOT / "PUBLISHING.md").read_text("utf-8").partition("\n## For another county")[2].partition("```sh\n")[2].partition("```")[0]


@pytest.mark.sweep
def test_the_site_of_another_county_passes_our_tests(tmp_path: Path) -> None:
    for name in git(ROOT, "ls-files").split("\n"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "-q")
    store(tmp_path)
    subprocess.run(["bash", "-euc", COMMANDS], cwd=tmp_path, check=True)
    store(tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    assert not re.search(r"^our_content = true", (tmp_path / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    tests = "pytest -q --no-header -p no:cacheprovider"
    for words in (f"{tests} --all tests/browser tests/outputs", f"{tests} -m records", "macros build", "tests.crawl"):
        done = subprocess.run([sys.executable, "-m", *words.split()], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
