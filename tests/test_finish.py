"""The built tree is finished whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_code_in_a_page_stops_the_build_at_its_line(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text() + '\n<p style="color: red">Red</p>\n')
    done = subprocess.run([sys.executable, "-m", "macros", "build"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    line = len(page.read_text().splitlines())
    assert f'content/values.md:{line}:1: style="color: red", which a browser would refuse' in done.stderr
    assert not (project / "site").exists()
