"""Test that builds are reproducible: the same site in another folder, time zone, language and order of files.

OTHER_PYTHON may be the path of another Python with the packages (`make other-python`), for the second site.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from macros.site_build.project import read_project
from tests.conftest import ROOT

HERE = {"LC_ALL": "C.UTF-8", "TZ": "ZONE-14", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "ZONE+12", "PYTHONHASHSEED": "2"}
OTHER = str(ROOT / os.environ["OTHER_PYTHON"]) if os.environ.get("OTHER_PYTHON") else sys.executable
WRITTEN = ("data", "content", "overrides", "mkdocs.yml")


def elsewhere(project: Path, folder: Path) -> Path:
    """Copy `project` to `folder`, in the opposite order and with other times."""
    files = [file for name in WRITTEN for file in (project / name, *(project / name).rglob("*")) if file.is_file()]
    for age, file in enumerate(sorted(files, reverse=True)):
        copy = folder / file.relative_to(project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        os.utime(copy, (10**9 + age, 10**9 + age))
    for name in ("macros", "node_modules"):
        if (project / name).exists():
            (folder / name).symlink_to(project / name)
    return folder


def build(project: Path, python: str, umask: int, **environment: str) -> dict[str, tuple[int, bytes]]:
    """Build `project`; return the mode and content of each file and folder of its site."""
    temporary = project.with_name(f"{project.name} temporary")
    temporary.mkdir()
    known = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [python, "-m", "macros", "build"],
        cwd=project,
        env={**known, **environment, "TMPDIR": str(temporary)},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    site = project / "site"
    return {
        file.relative_to(site).as_posix(): (file.stat().st_mode, b"" if file.is_dir() else file.read_bytes()) for file in site.rglob("*")
    }


def same(project: Path, folder: Path) -> dict[str, tuple[int, bytes]]:
    """Build `project` and a copy in `folder` as on two machines; return the site, which must be the same."""
    one = build(project, sys.executable, 0o022, **HERE)
    other = build(elsewhere(project, folder), OTHER, 0o077, **ELSEWHERE)
    assert sorted(one) == sorted(other)
    assert [path for path in one if one[path] != other[path]] == []
    return one


def test_the_small_site_is_the_same_on_two_machines(project: Path, tmp_path: Path) -> None:
    site = same(project, tmp_path / "an other folder")
    framework = read_project(project).framework
    assert framework is not None
    day = framework.site.edition_date
    sitemap = site["sitemap.xml"][1].decode()
    assert sitemap.count("<lastmod>") == sitemap.count(f"<lastmod>{day}</lastmod>") > 0
    assert {mode & 0o777 for mode, _ in site.values()} == {0o644, 0o755}


@pytest.mark.sweep
def test_the_real_site_is_the_same_on_two_machines(tmp_path: Path) -> None:
    real = tmp_path / "real"
    for name in WRITTEN:
        (real / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / name, real], check=True)
    for name in ("macros", "node_modules"):
        (real / name).symlink_to(ROOT / name)
    site = same(real, tmp_path / "an other folder")
    for ending in (".pdf", ".docx", ".xlsx", ".pf_index", ".pf_filter", ".xml.gz", ".png", ".json", ".html"):
        assert any(path.endswith(ending) for path in site), f"no {ending} in the site"
