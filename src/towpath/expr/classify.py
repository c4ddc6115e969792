"""Says by which evaluator an expression can be evaluated, without raising."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from towpath.errors import ExpressionError
from towpath.expr.foreign import program
from towpath.expr.template import compile_template
from towpath.expr.unavailable import UNAVAILABLE

Evaluator: TypeAlias = Literal["literal", "path", "native", "sandbox", "unavailable", "invalid"]


@dataclass(frozen=True, slots=True)
class Classification:
    """``kind`` names the evaluator; ``reason`` says why it is not native, and is empty when it is."""

    kind: Evaluator
    reason: str = ""


def classify(source: str) -> Classification:
    """The evaluator of a template: what is valid JavaScript but not native is for a sandbox, unless that refuses it."""
    try:
        template = compile_template(source)
    except ExpressionError as error:
        instead, _, _ = (error.hint or "").partition("\n")  # without the picture of the place
        return Classification("invalid", f"{error.message} {instead.removesuffix('Look here:')}".strip())
    name = program(source).unavailable if template.kind == "sandbox" else None
    if name is not None:
        return Classification("unavailable", f"{name} is not available. {UNAVAILABLE[name]}")
    return Classification(template.kind, template.refusal.message if template.refusal else "")
