"""The files of the form at /edit/: it asks nobody else, and a site without npm's packages is built without it."""

from __future__ import annotations

import re
from pathlib import Path

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.outputs.cms import can_edit, form, without
from macros.outputs.cms_config import words
from macros.site_build import mkdocs_hooks
from tests.conftest import ROOT, svf


def test_it_asks_nobody_else(small: Framework) -> None:
    files = {output.path: output.content for output in form(small, ROOT)}
    script = files["edit/sveltia-cms.js"].decode()
    assert not re.search(r"cdn\.jsdelivr\.net|unpkg\.com/@sveltia/cms", script)
    fonts = set(re.findall(r"url\((fonts/[\w-]+\.woff2)\)", script))
    assert len(fonts) == 3
    assert {f"edit/{font}" for font in fonts} <= set(files)
    assert len([path for path in files if path.endswith("LICENSE.txt")]) == 3
    page = files["edit/index.html"].decode()
    assert "connect-src 'self' blob: data: https://git.testshire.gov.uk;" in page
    assert re.findall(r'(?:src|href)="(?!https://git\.testshire|mailto:)([^"]*)"', page) == ["../favicon.svg", "start.js", "../"]


def test_each_mend_of_the_editor_still_fits() -> None:
    script = (ROOT / "node_modules/@sveltia/cms/dist/sveltia-cms.js").read_text("utf-8")
    for mend in words()["mends"]:
        assert len(re.findall(mend["find"], script)) == mend["times"], mend["find"]


def test_without_the_packages_there_is_no_form_and_a_line_says_so(small: Framework, tmp_path: Path) -> None:
    assert not can_edit(tmp_path)
    assert list(form(small, tmp_path)) == []
    assert "\n" not in without()


def test_the_site_has_the_form_as_it_was_made(site: Path, real: Framework, stamp: Stamp) -> None:
    for output in form(real, ROOT, stamp.home):
        assert (site / output.path).read_bytes() == output.content, output.path


def test_a_build_without_the_packages_says_so_once_and_makes_the_rest(project: Path) -> None:
    mkdocs_hooks._say_once.cache_clear()
    done = svf(project, "build")
    assert done.stderr.splitlines()[0] == without()
    assert done.stderr.count(without()) == 1
    assert (project / "site/index.html").is_file()
    assert not (project / "site/edit").exists()
