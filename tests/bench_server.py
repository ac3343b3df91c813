"""A small web server that does what a host of static pages does: gzip, cache headers, no more."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What GitHub Pages sends: text is compressed, and everything may be kept for ten minutes.
KEEP = "max-age=600"
TEXT = (".css", ".html", ".js", ".json", ".md", ".svg", ".txt", ".xml")


@functools.cache
def packed(path: Path, changed: float) -> bytes:
    """Content of a file as it is sent; compressed only once for each version of the file."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if path.suffix in TEXT else content


class CompressingHandler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder, text compressed, with a tag by which a browser asks again."""

    protocol_version = "HTTP/1.1"  # connections are kept open, as every host does
    # Head and content leave in one packet each; without this a reply waits for the one before.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._send(body=True)

    def do_HEAD(self) -> None:
        self._send(body=False)

    def _send(self, body: bool) -> None:
        path = Path(self.translate_path(unquote(urlsplit(self.path).path)))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        tag = f'"{path.stat().st_mtime_ns:x}-{path.stat().st_size:x}"'
        if self.headers.get("If-None-Match") == tag:
            self._head(HTTPStatus.NOT_MODIFIED, tag)
            return
        content = packed(path, path.stat().st_mtime)
        self._head(HTTPStatus.OK, tag, path, len(content))
        if body:
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, tag: str, path: Path | None = None, size: int = 0) -> None:
        self.send_response(status)
        self.send_header("Cache-Control", KEEP)
        self.send_header("ETag", tag)
        if path:
            kind = self.guess_type(str(path))
            charset = "; charset=utf-8" if kind.startswith("text/") else ""
            self.send_header("Content-Type", kind + charset)
            self.send_header("Vary", "Accept-Encoding")
            if path.suffix in TEXT:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(size))
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Keep the figures free of requests."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives the address."""
    handler = functools.partial(CompressingHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
