"""Files in the bodies of web calls: forms with files, and bodies that are a file themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from towpath.errors import InputError
from towpath.service.signatures import Upload

MULTIPART = "multipart/form-data"
MOST_FILES = 50
MOST_FIELDS = 1000
MOST_OF_A_FIELD = 1 << 20
NAMELESS = "data"  # the name of a file that is the whole body


async def parts_of(content_type: str, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The fields and the files of a form. InputError ``webhook.multipart`` for a body that is none."""
    parser = MultiPartParser(
        Headers({"content-type": content_type}),
        _once(body),
        max_files=MOST_FILES,
        max_fields=MOST_FIELDS,
        max_part_size=MOST_OF_A_FIELD,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        message = getattr(error, "message", None) or "the form's parts cannot be told apart"
        raise InputError(message, code="webhook.multipart") from None
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if value.filename or data:
                media_type = value.content_type or "application/octet-stream"
                files[_free(name, files)] = Upload(value.filename or "file", media_type, data)
        elif name in fields:
            present = fields[name]
            fields[name] = [*present, value] if isinstance(present, list) else [present, value]
        else:
            fields[name] = value
    await form.close()
    return fields, files


def _free(name: str, taken: dict[str, Upload]) -> str:
    """A name for one of several files of one field: data, data1, data2."""
    number, made = 0, name
    while made in taken:
        number += 1
        made = f"{name}{number}"
    return made


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
