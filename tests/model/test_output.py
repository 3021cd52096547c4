"""The revision in the stamp of each output depends only on what readers see."""

from __future__ import annotations

import shutil
from pathlib import Path

from macros.site_build.project import read_project


def test_only_records_and_pages_change_the_revision(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, symlinks=True)
    for file in (copy / "data").rglob("*.yml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "data" / "README.md").write_text("x")
    revisions = {read_project(project).revision}
    assert {read_project(copy).revision} == revisions
    for path in ("data/values/trust.yml", "content/index.md"):
        (copy / path).write_text((copy / path).read_text("utf-8") + "\n", "utf-8")
        revisions.add(read_project(copy).revision)
    assert len(revisions) == 3
