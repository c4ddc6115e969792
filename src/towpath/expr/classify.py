"""Says by which evaluator an expression can be evaluated, without raising."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from towpath.errors import ExpressionError
from towpath.expr.template import compile_template

Evaluator: TypeAlias = Literal["literal", "path", "native", "sandbox", "invalid"]


@dataclass(frozen=True, slots=True)
class Classification:
    """``kind`` names the evaluator; ``reason`` says why it is not native, and is empty when it is."""

    kind: Evaluator
    reason: str = ""


def classify(source: str) -> Classification:
    """The evaluator of a template: what is valid JavaScript but not native is for a sandbox."""
    try:
        template = compile_template(source)
    except ExpressionError as error:
        return Classification("invalid", error.message)
    return Classification(template.kind, template.refusal.message if template.refusal else "")
