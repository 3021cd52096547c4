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
    found = shutil.which("node", path=f"{os.environ['PATH']}{os.pathsep}{Path(sys.executable).parent}")
    assert found, "there is no Node; run: make test"
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "given.json").write_text(json.dumps(given), "utf-8")
    (folder / "run.js").write_text(
        'import { readFileSync } from "node:fs";\n'
        'const given = JSON.parse(readFileSync(new URL("given.json", import.meta.url), "utf-8"));\n'
        "const answer = (found) => console.log(JSON.stringify(found));\n" + code,
        "utf-8",
    )
    done = subprocess.run([found, folder / "run.js"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
