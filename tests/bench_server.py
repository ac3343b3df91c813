"""A web server that sends text compressed and lets it be kept, as hosts of static pages do."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

TEXT = (".css", ".html", ".js", ".json", ".svg", ".txt", ".xml")


@cache
def packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept open, as every host does
    disable_nagle_algorithm = True  # or a reply waits for the one before
    below = "/"

    def handle(self) -> None:
        with suppress(ConnectionError):  # a browser that is closed keeps no connection
            super().handle()

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path.removeprefix(self.below)))
        there = self.path.startswith(self.below) and file.is_file()
        file = file if there else Path(self.directory, "404.html")
        if not file.is_file():
            self.send_error(404)
            return
        is_text = file.suffix in TEXT
        content = packed(file) if is_text else file.read_bytes()
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", self.guess_type(file))
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Keep figures and reports free of requests."""


@contextmanager
def serving(folder: Path, below: str = "/") -> Iterator[str]:
    """Serve a folder below a path, with its ``404.html`` for what is not there; gives the address."""
    handler = partial(type("Below", (Handler,), {"below": below}), directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{below}".rstrip("/")
        finally:
            server.shutdown()
