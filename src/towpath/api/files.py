"""Kept files as answers: to be saved, never to be shown or run by a browser."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import StreamingResponse

from towpath.service.run_files import OpenFile


def attachment(name: str) -> str:
    """The header that has a browser save the answer under a name, whatever stands in the name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def download(found: OpenFile) -> StreamingResponse:
    """The file's bytes under no type that a browser would open: files come from strangers, and lie about theirs."""
    headers = {"content-disposition": attachment(found.about.name), "content-length": str(found.about.bytes)}
    return StreamingResponse(iter(found), headers=headers, media_type="application/octet-stream")
