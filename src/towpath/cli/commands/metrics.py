"""``towpath metrics``: E = T/T_max, E = W/L and C = W/P of workflows, their steps, people and teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import hours_text, moment_given, seconds_text
from towpath.cli.tree import new_app
from towpath.errors import InputError
from towpath.insight import (
    ALWAYS,
    Cost,
    Efficiency,
    LabourView,
    MeasureFigure,
    PeopleFigures,
    StepFigures,
    TimeUsed,
    VersionFigures,
    Window,
)
from towpath.service.metrics import WorkflowMetrics, people_metrics, workflow_metrics
from towpath.service.platform import Platform
from towpath.service.workflows import list_workflows

app = new_app()
RATIOS = ("T/T_max", "on time", "W", "L", "W/L", "cost", "per unit")


@app.command()
def metrics(
    context: typer.Context,
    workflow: Annotated[
        str | None, typer.Argument(metavar="WORKFLOW", help="Id or name of a workflow; without it, all are compared.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Measure a person, by name, e-mail or id.")] = None,
    team: Annotated[str | None, typer.Option(help="Measure a team, by name or id.")] = None,
    since: Annotated[str | None, typer.Option(help="From this time on: 2026-03-31, or '7 days' ago.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this time.")] = None,
    flow: Annotated[
        bool, typer.Option("--flow", help="Count all labour inside the time, not only that of runs that ended in it.")
    ] = False,
    baseline_since: Annotated[
        str | None, typer.Option(help="Begin of an earlier period that stands in for missing time limits.")
    ] = None,
    baseline_until: Annotated[str | None, typer.Option(help="End of that period.")] = None,
) -> None:
    """Measure workflows, people and teams.

    T/T_max is the share of the allowed time that was used (below 1 is in time), W/L what was done per hour of work.
    """
    session = Session.of(context)
    with session.platform() as platform:
        now = platform.clock.now()
        window = _window(since, until, now)
        baseline = _window(baseline_since, baseline_until, now)
        who = _who(workflow, person, team)
        if who is not None:
            _show_people(session, who, people_metrics(platform, who, window=window))
            return
        view: LabourView = "flow" if flow else "cohort"
        names = [workflow] if workflow else _published(platform)
        found = [
            workflow_metrics(
                platform, name, window=window, view=view, baseline=None if baseline == ALWAYS else baseline
            )
            for name in names
        ]
    if session.json:
        emit(found[0].as_json() if workflow else [each.as_json() for each in found])
    elif workflow:
        show_workflow(session, found[0])
    else:
        _show_all(session, found)


def _who(workflow: str | None, person: str | None, team: str | None) -> str | None:
    given = [name for name in (workflow, person, team) if name is not None]
    if len(given) > 1:
        raise InputError(
            "a workflow, a person or a team is measured, one of them",
            code="input.one_of",
            hint="Give one of them.",
        )
    return person or team


def _window(since: str | None, until: str | None, now: int) -> Window:
    if since is None and until is None:
        return ALWAYS
    return Window(moment_given(since, now), moment_given(until, now))


def _published(platform: Platform) -> list[str]:
    return [each["id"] for each in list_workflows(platform) if each["number"] is not None]


def _show_all(session: Session, found: Sequence[WorkflowMetrics]) -> None:
    if not found:
        line(session, session.say("No workflow is published, so there is nothing to measure."))
        next_step(session, "towpath demo", "towpath templates list", "towpath publish workflow.yaml")
        return
    rows = [_version_row(each) for each in found]
    columns = ("workflow", "completed", "failed", "open", *RATIOS)
    table(session, columns, rows, numbers=columns[1:])
    next_step(session, f"towpath metrics '{found[0].name}'")


def show_workflow(session: Session, found: WorkflowMetrics) -> None:
    """Everything measured about a workflow, as tables."""
    figures = found.figures
    line(session, session.say("{name}, version {version}", name=found.name, version=found.version), "bold")
    rows = [(*_counts(found), *_ratios(figures.time_used, figures.efficiency, figures.cost))]
    table(session, ("completed", "failed", "open", *RATIOS), rows, numbers=("completed", "failed", "open", *RATIOS))
    _show_reasons(session, figures)
    _show_measures(session, found)
    columns = ("step", "reached", "ok", "failed", "open", "mean time", *RATIOS)
    steps = [_step_row(found, node) for node in found.step_names if node in found.steps]
    table(session, columns, steps, title="Steps", numbers=columns[1:])
    _show_attention(session, found)


def _show_reasons(session: Session, figures: VersionFigures) -> None:
    reasons = {
        "T/T_max": figures.time_used.reason,
        "W/L": figures.efficiency.reason,
        "C = W/P": figures.cost.reason,
    }
    for name, reason in reasons.items():
        if reason:
            line(session, f"{name}: {session.say(reason)}", "dim")


def _show_measures(session: Session, found: WorkflowMetrics) -> None:
    rows = [(one.name, _measured(one), _raw(one)) for one in found.measures.values()]
    if rows:
        table(session, ("measure", "value", "of"), rows, title="Measures", numbers=("value", "of"))


def _measured(one: MeasureFigure) -> str:
    if one.value is None:
        return "–"
    return {
        "share": f"{one.value:.0%}", "time": seconds_text(one.value), "count": f"{one.value:,.0f}",
        "mean": f"{one.value:,.4g}",
    }[one.kind]  # fmt: skip


def _raw(one: MeasureFigure) -> str:
    return {"share": f"{one.counted:,} / {one.base:,}", "count": ""}.get(one.kind, f"{one.base:,}")


def _version_row(found: WorkflowMetrics) -> tuple[object, ...]:
    figures = found.figures
    return (found.name, *_counts(found), *_ratios(figures.time_used, figures.efficiency, figures.cost))


def _step_row(found: WorkflowMetrics, node: str) -> tuple[object, ...]:
    step: StepFigures = found.steps[node]
    closed = step.counts.ok + step.counts.failed
    mean = seconds_text(step.time_used.elapsed / closed) if closed else ""
    reached = found.funnel[node].reached if node in found.funnel else 0
    counts = (reached, step.counts.ok, step.counts.failed, step.counts.open, mean)
    return (found.step_names[node], *counts, *_ratios(step.time_used, step.efficiency, step.cost))


def _show_attention(session: Session, found: WorkflowMetrics) -> None:
    if found.slowest is not None:
        line(session, session.say("Slowest step: {step}", step=found.step_names[found.slowest.node]))
    waits = [
        (
            found.people.get(each.actor, each.actor) or session.say("nobody yet"),
            found.step_names[each.node],
            each.claimed,
            each.steps,
            seconds_text(each.oldest),
        )
        for each in found.waiting
    ]
    if waits:
        table(
            session, ("who", "step", "claimed", "steps", "oldest"), waits, title="Waiting on people", numbers=("steps",)
        )
    near = [
        (
            each.run,
            found.step_names.get(each.node or "", ""),
            seconds_text(each.elapsed),
            seconds_text(each.allowed),
            f"{each.value:.2f}",
        )
        for each in found.near_limits
    ]
    if near:
        table(session, ("run", "step", "used", "allowed", "T/T_max"), near[:20], title="Near or over their time limit")


def _counts(found: WorkflowMetrics) -> tuple[int, int, int]:
    counts = found.figures.counts
    return counts.completed, counts.failed, counts.open


def _ratios(time: TimeUsed, efficiency: Efficiency, cost: Cost) -> tuple[object, ...]:
    return (
        _ratio(time.value),
        "" if time.on_time_rate is None else f"{time.on_time_rate:.0%}",
        f"{efficiency.work:,.6g}",
        hours_text(efficiency.labour_hours),
        _ratio(efficiency.value),
        f"{cost.actual_cost:,.2f}",
        _ratio(cost.cost_per_unit),
    )


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def _show_people(session: Session, who: str, found: PeopleFigures) -> None:
    if session.json:
        emit({"who": who, **found.as_json()})
        return
    line(session, who, "bold")
    work, cost = found.efficiency, found.cost
    row = (
        found.steps_done,
        f"{work.work:,.6g}",
        hours_text(work.labour_hours),
        _ratio(work.value),
        f"{cost.actual_cost:,.2f}",
        _ratio(cost.cost_per_unit),
    )
    table(session, ("steps done", "W", "L", "W/L", "cost", "per unit"), [row], numbers=("steps done",))
    if len(found.people) > 1:
        rows = [(person, hours_text(hours)) for person, hours in found.hours_by_person.items()]
        table(session, ("person", "L"), rows)
    if not found.steps_done:
        next_step(session, "towpath tasks list")
