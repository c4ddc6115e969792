"""Expressions over HTTP: try one, and ask what could be written."""

from __future__ import annotations

from typing import Any

from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.expressions import CompletionAnswer, CompletionBody, TriedAnswer, TryBody
from towpath.service.completions import completions
from towpath.service.expressions import try_expression

routes = Routes("workflow", "Expressions")


@routes.post("/api/expressions/try", "read", response_model=TriedAnswer)
def try_one(platform: ThePlatform, body: TryBody) -> Any:
    """Evaluate an expression for one item.

    Nothing is stored. 422 where it cannot be read, fails or takes too long; the problem says where.
    """
    around = body.model_dump(include={"record", "old", "globals", "nodes", "vars"}) | {"input": body.input}
    return try_expression(
        platform, body.expression, body.item, index=body.index, zone=body.timezone, surroundings=around
    )


@routes.post("/api/expressions/completions", "read", response_model=CompletionAnswer)
def list_completions(platform: ThePlatform, body: CompletionBody) -> Any:
    """List what may be written in an expression.

    Names in scope, fields with types, and methods by kind of value, with help in English and Chinese.
    """
    return completions(platform, object_name=body.object, item=body.item, nodes=body.nodes)
