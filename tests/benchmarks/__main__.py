"""Benchmarks: `make bench` prints every table. Figures are of one machine and one run, so compare ratios."""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.build import build
from tests.benchmarks.growth import growth
from tests.benchmarks.lighthouse import lighthouse
from tests.benchmarks.weight import weight


def main() -> None:
    """Print all tables, or those named as arguments; numbers are factors for growth, 1, 3 and 10 by default."""
    factors = tuple(int(word) for word in sys.argv[1:] if word.isdecimal())
    names = [word for word in sys.argv[1:] if not word.isdecimal()]
    tables: dict[str, Callable[[Path], None]] = {
        "build": build,
        "weight": weight,
        "growth": functools.partial(growth, factors=factors or (1, 3, 10)),
        "lighthouse": lighthouse,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in names or tables:
            tables[name](Path(folder))


if __name__ == "__main__":
    main()
