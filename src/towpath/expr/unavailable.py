"""Names of n8n's language and of JavaScript hosts that no evaluator has, with what to do instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from towpath.expr.tokens import Token

_HTTP = "Use an HTTP request node before this one."
# The sandbox answers with the same words.
UNAVAILABLE: Mapping[str, str] = {
    "fetch": _HTTP,
    "XMLHttpRequest": _HTTP,
    "$helpers": _HTTP,
    "setTimeout": "Use a Wait node.",
    "setInterval": "Use a schedule trigger.",
    "process": "Use $vars or $env, which hold what the administrator allows.",
    "$secrets": "Use a connection, which keeps them from workflows.",
    "$fromAI": "It works only in tools of an AI agent.",
    "$evaluateExpression": "Write the expression itself.",
    "$getWorkflowStaticData": "Keep values in a record, or for the run in $global with a Set fields node; to skip what "
    "was seen before, use Remove duplicates.",
}


def unavailable_in(tokens: Sequence[Token]) -> Iterator[str]:
    """The unavailable names that these tokens use; a field or a key that is called like one does not count."""
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.kind != "name" or token.value not in UNAVAILABLE:
            continue
        field = _is(before, ".", "?.")
        key = _is(before, "{", ",") and _is(after, ":")
        if not field and not key:
            yield str(token.value)


def _is(token: Token | None, *marks: str) -> bool:
    return token is not None and any(map(token.is_mark, marks))
