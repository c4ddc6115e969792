"""Expressions and conditions, evaluated natively with exactly the meaning that JavaScript gives them."""

from towpath.expr.classify import Classification, classify
from towpath.expr.condition_eval import Explained, compile_condition, compile_trigger, explain, fires, match
from towpath.expr.condition_print import condition_to_text
from towpath.expr.condition_text import parse_condition
from towpath.expr.scope import RunScope, Scope
from towpath.expr.template import Template, compile_template, is_template

__all__ = [
    "Classification",
    "Explained",
    "RunScope",
    "Scope",
    "Template",
    "classify",
    "compile_condition",
    "compile_template",
    "compile_trigger",
    "condition_to_text",
    "explain",
    "fires",
    "is_template",
    "match",
    "parse_condition",
]
