"""Every error as problem JSON (RFC 9457): code, message, where, hint; one form for all routes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from towpath.errors import InputError, LimitError, NotFoundError, StorageError, TowpathError, WorkflowError
from towpath.messages import language_of, messages

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "1"  # seconds
log = logging.getLogger("towpath.api")


class ProblemDocument(BaseModel):
    """What a failed request is answered with. ``code`` is stable; ``message`` and ``hint`` are for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:towpath:error:workflow.unknown",
                    "title": "Not Found",
                    "status": 404,
                    "code": "workflow.unknown",
                    "message": "no workflow is called 'Renewl'",
                    "hint": "Did you mean 'Renewal'?",
                    "where": {},
                    "params": {},
                    "problems": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    message: str
    hint: str | None = None
    where: dict[str, Any] = {}
    params: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []


def problem_response(error: TowpathError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer for an error."""
    status = HTTPStatus(error.status)
    document = {
        "type": f"urn:towpath:error:{error.code}",
        "title": status.phrase,
        "status": status.value,
        **error.as_json(),
        "problems": [_as_json(problem) for problem in getattr(error, "problems", ())],
    }
    more = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        more.setdefault("WWW-Authenticate", "Bearer")
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        more.setdefault("Retry-After", str(error.params.get("seconds", RETRY_AFTER)))
    return Response(msgspec.json.encode(document, enc_hook=str), status.value, more, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Answer every kind of failure in the one form; ``guards`` has the last word for what nobody expected."""
    app.add_exception_handler(TowpathError, _towpath)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


async def _towpath(request: Request, error: Exception) -> Response:
    known = in_language(cast("TowpathError", error), request.headers.get("accept-language"))
    if isinstance(error, StorageError):
        log.error("%s %s: %s", request.method, request.url.path, error)
    return problem_response(known)


def in_language(error: TowpathError, wanted: str | None) -> TowpathError:
    """The error with its texts in the reader's language, as far as there is one; code and values stay."""
    texts = messages(language_of(wanted))
    if texts.language != "en":
        error.message = texts.sentence(error.code, error.message, error.params)
        error.hint = texts.hint(error.hint) if error.hint else None
        if isinstance(error, WorkflowError):
            error.problems = [problem.in_words(texts) for problem in error.problems]
    return error


async def _validation(_: Request, error: Exception) -> Response:
    return problem_response(invalid_request(cast("RequestValidationError", error).errors()))


async def _http(_: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    if isinstance(refused.__cause__, TowpathError):  # the framework wraps what is raised while it reads a body
        return problem_response(refused.__cause__)
    return problem_response(as_towpath(refused), refused.headers)


def unexpected(method: str, path: str, error: Exception) -> Response:
    """The answer for a fault of our own: its details go to the log and nowhere else."""
    log.error("%s %s failed", method, path, exc_info=error)
    hint = "This is a fault of Towpath; the server's log has the details."
    return problem_response(TowpathError("something went wrong inside", code="internal", hint=hint))


def invalid_request(details: Sequence[Mapping[str, Any]]) -> TowpathError:
    """The faults that a request's parameters and body have, all at once."""
    problems = [
        {"field": ".".join(str(part) for part in detail["loc"]), "code": detail["type"], "message": detail["msg"]}
        for detail in details
    ]
    first = problems[0]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    message = f"{first['field']}: {first['message']}{more}"
    return WorkflowError(message, code="request.invalid", problems=problems, hint="GET /openapi.json says what fits.")


def as_towpath(error: HTTPException) -> TowpathError:
    """The framework's own refusals in our words."""
    made: TowpathError
    match error.status_code:
        case 404:
            made = NotFoundError("there is nothing at this address", code="request.unknown_address")
        case 405:
            allowed = (error.headers or {}).get("Allow")
            hint = f"It takes {allowed}." if allowed else None
            made = InputError("this address does not take that method", code="request.method", hint=hint)
        case 413:
            made = LimitError("the body is too large", code="request.too_large", hint="Send it in smaller parts.")
        case 415:
            made = InputError(str(error.detail), code="request.content_type", hint="Send application/json.")
        case _:
            made = InputError(str(error.detail), code="request.refused")
    made.status = error.status_code
    return made


def _as_json(problem: object) -> object:
    return problem if isinstance(problem, dict) else getattr(problem, "as_json", lambda: str(problem))()
