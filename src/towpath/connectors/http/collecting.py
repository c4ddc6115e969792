"""The body of an answer as it comes: unpacked piece by piece, bounded, and beside the memory where it is a file."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from towpath.connectors.http.content import MessageError

PIECE = 64 * 1024  # bytes that are unpacked at a time; a file that is no larger stays in memory


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes an answer may have, packed or not, and whether it is to be kept as a file."""

    most: int
    as_file: bool = False

    def too_small(self) -> MessageError:
        """What is said of an answer that is larger."""
        if self.as_file:
            return MessageError(f"the file has more than {self.most:,} bytes", "limit.file_bytes")
        return MessageError(f"the answer is larger than {self.most} bytes")


class Collector:
    """Takes an answer; ``body`` has what came."""

    def __init__(self, headers: Mapping[str, str], room: Room, *, bodiless: bool = False) -> None:
        """Raises MessageError for an encoding that was not asked for, and for an answer that says it is too large."""
        encoding = headers.get("content-encoding", "").lower()
        if encoding not in ("", "identity", "gzip", "deflate"):
            raise MessageError(f"the answer is packed as {encoding!r}, which was not asked for")
        length = headers.get("content-length", "")
        if not bodiless and length.isascii() and length.isdigit() and int(length[:20]) > room.most:
            raise room.too_small()
        self.body: IO[bytes] = SpooledTemporaryFile(PIECE) if room.as_file else BytesIO()  # noqa: SIM115 - goes on
        self._room = room
        self._left = room.most
        self._unpack = zlib.decompressobj(wbits=47) if encoding in ("gzip", "deflate") else None

    def add(self, chunk: bytes) -> None:
        """Take a part. Raises MessageError."""
        if self._unpack is None:
            self._keep(chunk)
            return
        while chunk:
            try:
                self._keep(self._unpack.decompress(chunk, PIECE))
            except zlib.error:
                raise MessageError("the answer cannot be unpacked") from None
            chunk = self._unpack.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise self._room.too_small()
        self.body.write(data)
