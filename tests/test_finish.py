"""The built tree is finished whole, and takes the place of the last good one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from macros.finish import replace


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


def test_code_in_a_page_stops_the_build_at_its_line(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text() + '\n<p style="color: red">Red</p>\n')
    done = subprocess.run([sys.executable, "-m", "macros", "build"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    line = len(page.read_text().splitlines())
    assert f'content/values.md:{line}:1: style="color: red", which a browser would refuse' in done.stderr
    assert not (project / "site").exists()
