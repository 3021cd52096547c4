"""While the command is still being loaded, which takes a moment, Ctrl-C ends it in one plain line."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any


def _stop(*_: Any) -> None:
    os.write(2, b"Stopped before anything was done.\n")
    os._exit(128 + signal.SIGINT)  # at once: what is half loaded is not tidied up


_watched = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _watched:
    signal.signal(signal.SIGINT, _stop)


def loaded() -> None:
    """Say that the command is loaded: from here on Ctrl-C is what it was."""
    if _watched and signal.getsignal(signal.SIGINT) is _stop:
        signal.signal(signal.SIGINT, signal.default_int_handler)
