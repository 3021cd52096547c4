"""A stamp says which words these are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from macros.site_build.project import read_project


def test_the_stamp_says_edition_day_and_revision(project: Path) -> None:
    stamp = read_project(project).stamp("https://framework.testshire.gov.uk", "Small framework")
    assert (stamp.edition, str(stamp.day)) == ("2026-11", "2026-11-22")
    assert re.fullmatch(r"[0-9a-f]{8}", stamp.revision)


def test_addresses_are_whole_once_the_site_has_one(project: Path) -> None:
    read = read_project(project)
    for site_url in ("https://framework.testshire.gov.uk/base", "https://framework.testshire.gov.uk/base/"):
        assert (
            read.stamp(site_url, "Small framework").at("glossary/#outcome") == "https://framework.testshire.gov.uk/base/glossary/#outcome"
        )
    assert read.stamp("", "Small framework").at("glossary/") == "glossary/"


def test_the_same_words_have_the_same_revision_in_another_folder(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other, symlinks=True)
    for file in (other / "data").rglob("*.yml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (other / "data" / "README.md").write_text("x")
    assert read_project(other).revision == read_project(project).revision


def test_a_changed_word_of_a_record_or_page_changes_the_revision(project: Path) -> None:
    seen = {read_project(project).revision}
    for path in ("data/values/trust.yml", "content/index.md"):
        file = project / path
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
        seen.add(read_project(project).revision)
    assert len(seen) == 3
