"""Serves the built pages: read once, compressed before, kept by browsers for ever under their hashed names.

The pages are a part of the package (``towpath/web/static``), made from ui/ by hatch_build.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from towpath.api.door import GuardedPlain

INDEX = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Towpath</title>
<h1>The pages are not here</h1><p>The API works. This installation was made without the web pages.
In a clone of the repository, <code>python3 go.py serve</code> builds them; it needs the npm registry once.</p></html>
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the pages, as it is and compressed."""

    content: bytes
    compressed: bytes | None
    kind: str


class Pages:
    """The built pages in memory, a few megabytes: a new build under a running server changes nothing half-way."""

    def __init__(self, folder: Traversable | None = None) -> None:
        self._files = dict(_read(folder or files("towpath").joinpath("web", "static")))

    def __bool__(self) -> bool:
        return INDEX in self._files

    def answer(self, path: str, *, compressed: bool) -> Response:
        """A file by its path; for any other path the index, whose script knows the addresses of the application."""
        file = self._files.get(path)
        if file is None and path.startswith("assets/"):  # of an earlier build; the page loads itself anew
            return Response("no such file", 404, _headers("no-store"), "text/plain")
        if file is None:
            file, path = self._files.get(INDEX), INDEX
        if file is None:
            return Response(NOT_BUILT, 503, _headers("no-store"), "text/html")
        headers = _headers(FOR_EVER if path.startswith("assets/") else "no-cache")
        if compressed and file.compressed is not None:
            return Response(file.compressed, 200, {**headers, "Content-Encoding": "gzip"}, file.kind)
        return Response(file.content, 200, headers, file.kind)


async def page(request: Request) -> Response:
    """A page or one of its files."""
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    pages: Pages = request.app.state.pages
    return pages.answer(request.path_params["path"], compressed=compressed)


async def begin(_: Request) -> Response:
    """The pages are under /app/, the API beside them under /api/."""
    return RedirectResponse("/app/")


def _headers(cache: str) -> dict[str, str]:
    return {"Cache-Control": cache, "Content-Security-Policy": POLICY, "Vary": "Accept-Encoding"}


def _read(folder: Traversable, prefix: str = "") -> list[tuple[str, File]]:
    if not folder.is_dir():
        return []
    found: list[tuple[str, File]] = []
    children = {child.name: child for child in folder.iterdir()}
    for name, child in children.items():
        if child.is_dir():
            found += _read(child, f"{prefix}{name}/")
        elif not name.startswith(".") and not name.endswith(".gz"):
            squeezed = children.get(f"{name}.gz")
            kind = guess_type(name)[0] or "application/octet-stream"
            found.append((prefix + name, File(child.read_bytes(), squeezed.read_bytes() if squeezed else None, kind)))
    return found


routes = [
    GuardedPlain("/", begin, methods=["GET"], permission=None),
    GuardedPlain("/app/{path:path}", page, methods=["GET"], permission=None),
]
