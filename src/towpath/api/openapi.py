"""Completes the OpenAPI document: how to sign in, and the plain routes that the framework does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from towpath.api.problems import MEDIA_TYPE

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API token: a person's own, or the one that towpath serve shows when it first starts.",
}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "towpath_session",
    "description": "The cookie of somebody who has signed in. Changes also need the header X-CSRF-Token.",
}
DESCRIPTION = """\
Every answer that is not a success is a problem document with a stable `code`. Times are ISO 8601 in UTC.
`x-permission` at each operation is what its caller must be allowed to do.
"""


def complete(app: FastAPI) -> None:
    """Let ``app.openapi()`` give the whole document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # the framework's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=DESCRIPTION, routes=app.router.routes
    )
    document["paths"].update(_PLAIN)
    document["components"]["securitySchemes"] = {"token": _TOKEN, "session": _SESSION}
    for path in document["paths"].values():
        for operation in path.values():
            _only_problems(operation["responses"])
    return document


def _only_problems(responses: dict[str, Any]) -> None:
    """Failures are problem documents and nothing else, whatever the framework assumes."""
    for status, response in responses.items():
        if status >= "400":
            response["content"] = _PROBLEM


def _json(description: str, properties: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


def _failures(**texts: str) -> dict[str, Any]:
    return {status.removeprefix("_"): {"description": text, "content": _PROBLEM} for status, text in texts.items()}


_STATUS = {"type": "string"}
_STATE = {"status": _STATUS, "version": _STATUS}
_HEALTHY = {"status": "ok", "version": "0.1.0"}
_HOOK_RESPONSES = {
    "202": _json(
        "The event is on disk. The same event again is answered with the same runs.",
        {"runs": {"type": "array", "items": {"type": "string"}}, "repeated": {"type": "boolean"}},
        {"runs": ["01kaqe8v0q3s8t6xv2m9d4c7ba"], "repeated": False},
    ),
    **_failures(
        _400="The body is not what its content type says.",
        _401="The signature or secret is wrong, missing or stale.",
        _404="No active workflow listens here.",
        _413="The body is too large.",
        _415="A content type that webhooks do not take.",
        _503="Too many events at once, or the secret is not set: send it again later.",
    ),
}
_HEADERS = [
    ("Idempotency-Key", "Names the event: the same name again within 7 days starts nothing."),
    ("webhook-id", "Standard Webhooks: the event's id, part of what is signed."),
    ("webhook-timestamp", "Standard Webhooks: seconds since 1970, at most 5 minutes from now."),
    ("webhook-signature", "Standard Webhooks: v1,base64(HMAC-SHA256(secret, id.timestamp.body))."),
    ("X-Webhook-Secret", "The plain shared secret, for callers that cannot sign."),
]
_PATH = {"name": "path", "in": "path", "required": True, "schema": _STATUS, "example": "shop/orders"}
_HOOK_PARAMETERS = [
    _PATH,
    *({"name": name, "in": "header", "description": text, "schema": _STATUS} for name, text in _HEADERS),
]
_HOOK_BODY = {
    "content": {
        "application/json": {"schema": {}, "example": {"email": "ada@example.com"}},
        "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        "text/plain": {"schema": _STATUS},
    }
}


def _hook(method: str) -> dict[str, Any]:
    operation = {
        "tags": ["Incoming"],
        "summary": "Call a webhook",
        "operationId": f"call_webhook_{method}",
        "parameters": _HOOK_PARAMETERS,
        "responses": dict(_HOOK_RESPONSES),
        "security": [],
    }
    return operation if method == "get" else {**operation, "requestBody": _HOOK_BODY}


def _open(summary: str, name: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"tags": ["Health"], "summary": summary, "operationId": name, "responses": responses, "security": []}


_LINK = {"name": "token", "in": "path", "required": True, "schema": _STATUS, "example": "k3JvW0q-of-a-mail"}
_ANSWERED = {"id": _STATUS, "status": _STATUS, "outcome": _STATUS}
_ANSWER_BODY = {"type": "object", "properties": {"outcome": _STATUS, "response": {"type": "object"}}}


def _link(summary: str, name: str, success: dict[str, Any], **more: Any) -> dict[str, Any]:
    failures = _failures(_404="The link is not known here.", _409="The task has been answered.", _422="Not an answer.")
    return {
        "tags": ["Tasks"], "summary": summary, "operationId": name, "security": [], "parameters": [_LINK],
        "responses": {"200": success, **failures}, **more,
    }  # fmt: skip


def _run_address(summary: str, name: str, parameters: Sequence[str], success: dict[str, Any]) -> dict[str, Any]:
    """A public address that has a run's or a form's name in it."""
    failures = _failures(_404="The address is not known here.", _422="Not filled in as it has to be.")
    given = {"in": "path", "required": True, "schema": _STATUS, "example": "x"}
    return {
        "tags": ["Forms"], "summary": summary, "operationId": name, "security": [],
        "parameters": [{"name": each, **given} for each in parameters], "responses": {**success, **failures},
    }  # fmt: skip


_PAGE_SHOWN = {"200": {"description": "The page.", "content": {"text/html": {}}}}
_SENT_ON = {"303": {"description": "Go on at the run's own page."}}
_WOKEN = {"200": _json("The run goes on.", {"resumed": {"type": "boolean"}}, {"resumed": True}),
          "409": {"description": "No run waits for this call."}}  # fmt: skip
_OF_RUN = ("run", "signature")
_PLAIN: dict[str, Any] = {
    "/forms/{path}": {
        "get": _run_address("Look at a form", "form_page", ("path",), _PAGE_SHOWN),
        "post": _run_address("Fill in a form", "fill_in_form", ("path",), _SENT_ON),
    },
    "/forms/run/{run}/{signature}": {
        "get": _run_address("Look at the page that a run waits at", "run_page", _OF_RUN, _PAGE_SHOWN),
        "post": _run_address("Fill in the page that a run waits at", "fill_in_page", _OF_RUN, _SENT_ON),
    },
    "/resume/{run}/{signature}": {
        method: _run_address("Wake a run that waits for a call", f"resume_{method}", _OF_RUN, _WOKEN)
        for method in ("get", "post", "put")
    },
    "/answer/{token}": {
        "get": _link(
            "Look at the task of a mail's link", "look_at_answer",
            {"description": "A page with the task's buttons; nothing has changed.", "content": {"text/html": {}}},
        ),
        "post": _link(
            "Answer the task of a mail's link", "give_answer",
            _json("Done; the link answers no more.", _ANSWERED, {"id": "01k", "status": "Completed", "outcome": "x"}),
            requestBody={
                "content": {
                    "application/json": {"schema": _ANSWER_BODY, "example": {"outcome": "approved"}},
                    "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
                }
            },
        ),
    },
    "/api/inbound-mail": {
        "post": {
            "tags": ["Incoming"],
            "summary": "Hand in a mail",
            "operationId": "hand_in_mail",
            "x-permission": "event:create",
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"message/rfc822": {"schema": _STATUS}}},
            "responses": {
                "202": _json(
                    "On disk: a new case, or the record that it answers.",
                    {"outcome": _STATUS, "object": _STATUS, "record": _STATUS},
                    {"outcome": "threaded", "object": "Case", "record": "01k"},
                ),
                **_failures(_401="No API token.", _403="Not allowed.", _413="Too large.", _422="It is no mail."),
            },
        }
    },
    "/health": {
        "get": _open(
            "Whether the process lives", "health", {"200": _json("It does.", _STATE, _HEALTHY)}
        )
    },
    "/ready": {
        "get": _open(
            "Whether it can work",
            "ready",
            {
                "200": _json("It can.", {"status": _STATUS}, {"status": "ready"}),
                "503": {"description": "Not now."},
            },
        )
    },
    "/": {"get": _open("Go to the pages", "begin", {"307": {"description": "They are under /app/."}})},
    "/app/{path}": {
        "get": {
            **_open(
                "A page of the application, or one of its files",
                "page",
                {
                    "200": {"description": "It.", "content": {"text/html": {"schema": _STATUS}}},
                    "404": {"description": "A file of an earlier build."},
                    "503": {"description": "The pages are not part of this installation."},
                },
            ),
            "parameters": [{**_PATH, "example": "runs"}],
        }
    },
    "/api/changes": {
        "get": {
            "tags": ["Changes"],
            "summary": "Be told when something has changed",
            "description": "Server-sent events named `changed`; whoever gets one reads again what it shows.",
            "operationId": "changes",
            "x-permission": "run:read",
            "security": [{"token": []}, {"session": []}],
            "responses": {
                "200": {"description": "The stream.", "content": {"text/event-stream": {"schema": _STATUS}}},
                **_failures(_401="Nobody has signed in.", _403="Not allowed."),
            },
        }
    },
    "/metrics": {
        "get": {
            "tags": ["Health"],
            "summary": "Figures for Prometheus",
            "operationId": "prometheus",
            "x-permission": "metric:read",
            "security": [{"token": []}, {"session": []}],
            "responses": {
                "200": {
                    "description": "One line for each figure.",
                    "content": {"text/plain": {"schema": _STATUS, "example": "towpath_events_waiting 0"}},
                }
            },
        }
    },
    "/hooks/{path}": {method: _hook(method) for method in ("get", "post", "put", "patch", "delete")},
    "/api/events/{name}": {
        "post": {
            "tags": ["Incoming"],
            "summary": "Tell waiting runs of an event",
            "operationId": "send_event",
            "x-permission": "event:create",
            "security": [{"token": []}, {"session": []}],
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": _STATUS, "example": "paid"}],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {"key": _STATUS, "payload": {}},
                            "required": ["key"],
                            "additionalProperties": False,
                        },
                        "example": {"key": "order-17", "payload": {"amount": 40}},
                    }
                },
            },
            "responses": {
                "202": _json(
                    "On disk; so many runs wake.", {"woken": {"type": "integer"}}, {"woken": 1}
                ),
                **_failures(
                    _400="The body is not usable.", _401="No API token.", _403="Not allowed.", _413="Too large.",
                    _503="Too many events at once.",
                ),
            },
        }
    },
}  # fmt: skip
