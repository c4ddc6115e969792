"""A real web server on this machine for the tests of calls, with addresses that behave well and badly."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers by the path of the address."""

    protocol_version = "HTTP/1.1"
    calls: Counter[str]
    seen: list[dict[str, Any]]

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode("utf-8", "surrogateescape")  # what is no text can be had back
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen.append({"method": self.command, "path": self.path, "headers": headers, "body": body})
        path = self.path.partition("?")[0].strip("/").replace("/", "_") or "index"
        self.calls[path] += 1
        getattr(self, f"on_{path}", self.on_index)()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, status: int, data: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def on_index(self) -> None:
        self.reply(200, json.dumps(self.seen[-1]).encode(), Content_Type="application/json")

    def on_text(self) -> None:
        self.reply(200, "schön".encode("latin-1"), Content_Type="text/plain; charset=latin-1")

    def on_empty(self) -> None:
        self.reply(204)

    def on_broken_json(self) -> None:
        self.reply(200, b"{", Content_Type="application/json")

    def on_missing(self) -> None:
        self.reply(404, b'{"error": "no such lead"}', Content_Type="application/json")

    def on_busy(self) -> None:
        self.reply(429, b"slow down", Retry_After="120")

    def on_busy_date(self) -> None:
        self.reply(503, b"", Retry_After=self.date_time_string(time.time() + 60))

    def on_large(self) -> None:
        self.reply(200, b"x" * 200_000)

    def on_bomb(self) -> None:
        self.reply(200, gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    def on_packed(self) -> None:
        self.reply(200, gzip.compress(b'{"a": 1}'), Content_Encoding="gzip", Content_Type="application/json")

    def on_hang(self) -> None:
        time.sleep(2)
        self.close_connection = True

    def on_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(40):
            try:
                self.wfile.write(b".")
                time.sleep(0.1)
            except OSError:
                return

    def on_cut(self) -> None:
        self.close_connection = True

    def on_head(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()

    def on_until_close(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"whole")
        self.close_connection = True

    def on_early(self) -> None:
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        self.reply(200, b"whole")

    def on_chunks(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n")

    def on_twice(self) -> None:
        self.reply(200, b"first")
        self.wfile.flush()
        time.sleep(0.05)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")

    def on_near(self) -> None:
        self.reply(302, Location="/landed?by=redirect")

    def on_round(self) -> None:
        self.reply(302, Location="/round")

    def on_away(self) -> None:
        self.reply(302, Location="http://169.254.169.254/latest/meta-data")


class QuietServer(ThreadingHTTPServer):
    """Clients that hang up are part of the tests."""

    daemon_threads = True
    request_queue_size = 128  # more callers at once than the 5 that wait by default

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def web_server(port: int = 0) -> Iterator[tuple[str, type[Handler]]]:
    """The address of a server that runs, and its handler with what it has seen."""
    handler = type("ThisHandler", (Handler,), {"calls": Counter(), "seen": []})
    server = QuietServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
