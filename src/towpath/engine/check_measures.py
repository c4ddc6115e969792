"""Checks the named measures of a workflow: the nodes, objects, fields and conditions that they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, field_problems, object_problems
from towpath.engine.node import CheckContext
from towpath.errors import TowpathError, did_you_mean
from towpath.model.measure import Measure
from towpath.model.problem import Problem
from towpath.model.workflow import WorkflowDefinition


def measure_problems(definition: WorkflowDefinition, context: CheckContext) -> Iterator[Problem]:
    """All problems of all measures."""
    for key, measure in definition.measures.items():
        place = f"measures.{key}"
        for field, node in measure.nodes.items():
            if node not in definition.nodes:
                message, hint = f"the measure refers to a node {node!r}", did_you_mean(node, definition.nodes)
                yield Problem("measure.unknown_node", message, field=f"{place}.{field}", hint=hint)
        if measure.object is not None:
            yield from object_problems(context, measure.object, f"{place}.object")
            yield from _record_problems(measure, measure.object, context, place)


def _record_problems(measure: Measure, object_name: str, context: CheckContext, place: str) -> Iterator[Problem]:
    if measure.average is not None:
        yield from field_problems(context, object_name, [measure.average], f"{place}.average")
    for part, text in (("where", measure.where), ("of", measure.of)):
        if text is None:
            continue
        try:
            condition = WrittenCondition(text)
        except TowpathError as error:
            yield Problem(error.code, error.message, field=f"{place}.{part}", hint=error.hint)
        else:
            yield from condition_problems(context, object_name, condition, f"{place}.{part}")
