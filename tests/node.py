"""Runs JavaScript of ours in Node, the machine's or the one from PyPI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def node(folder: Path, code: str, given: object) -> Any:
    """Run `code`, a module in `folder`, with `given` as the constant `given`; return what it passes to the function `answer`."""
    program = shutil.which("node", path=f"{os.environ['PATH']}{os.pathsep}{Path(sys.executable).parent}")
    assert program, "there is no Node; run: make test"
    (folder / "package.json").write_text('{"type": "module"}')
    start = f"const given = {json.dumps(given)};\nconst answer = (value) => console.log(JSON.stringify(value));\n"
    (folder / "run.js").write_text(start + code, "utf-8")
    done = subprocess.run([program, folder / "run.js"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
