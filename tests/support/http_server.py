"""A web server for a folder, with compression."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Sends compressed files with extra headers."""

    def __init__(self, *args: Any, headers: Mapping[str, str], **named: Any) -> None:
        self.extra_headers = headers
        super().__init__(*args, **named)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""

    def do_GET(self) -> None:
        """Send the requested file, the index of a folder, or 404.html."""
        file = Path(self.translate_path(self.path))
        if file.is_dir() and not self.path.partition("?")[0].endswith("/"):
            super().do_GET()
            return
        file = file / "index.html" if file.is_dir() else file
        missing = not file.is_file()
        if missing:
            file = Path(self.directory) / "404.html"
            if not file.is_file():
                self.send_error(404)
                return
        content = file.read_bytes()
        self.send_response(404 if missing else 200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Cache-Control", "max-age=600")
        if file.suffix in _COMPRESSED:
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        """Send the headers, with the extra ones."""
        for name, value in self.extra_headers.items():
            self.send_header(name, value)
        super().end_headers()


@contextmanager
def served(folder: Path, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve `folder` at 127.0.0.1 while the block runs, with `headers` on each response; yield the address."""
    handler = functools.partial(_Handler, directory=str(folder), headers=headers or {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
