"""The named figures of a workflow: from its log, and from the records of the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from towpath.expr import parse_condition
from towpath.insight import Facts, MeasureFigure, share, share_reached, time_until
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.measure import Measure
from towpath.ports.records import Records


def measure_figures(
    measures: Mapping[str, Measure], facts: Facts, version: int, records: Records
) -> Mapping[str, MeasureFigure]:
    """Each measure's figure, by its key: of the version's runs, or of the records as they are now."""
    return {key: _figure(measure, facts, version, records) for key, measure in measures.items()}


def _figure(measure: Measure, facts: Facts, version: int, records: Records) -> MeasureFigure:
    if measure.reached is not None:
        return share_reached(facts, version, measure.name, measure.reached, measure.of)
    if measure.until is not None:
        return time_until(facts, version, measure.name, measure.until, measure.at, measure.within)
    return _of_records(measure, str(measure.object), records)


def _of_records(measure: Measure, object_name: str, records: Records) -> MeasureFigure:
    where = [parse_condition(text) for text in (measure.of, measure.where) if text is not None]
    if measure.average is not None:
        field = measure.average
        has_value = Comparison(Field(field), "is_not_empty")
        values = [float(record[field]) for record in records.find(object_name, All((*where, has_value)))]
        return MeasureFigure(measure.name, "mean", fmean(values) if values else None, len(values), len(values))
    counted = records.count(object_name, _all(where))
    if measure.of is not None:
        return share(measure.name, counted, records.count(object_name, where[0]))
    return MeasureFigure(measure.name, "count", counted, counted, counted)


def _all(conditions: list[Condition]) -> Condition | None:
    return All(tuple(conditions)) if conditions else None
