"""The demo: four workflows, one for each scenario, over thousands of records, played through weeks of virtual time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from towpath.engine.tables import NOTICE, RUN, WORKFLOW
from towpath.errors import ConflictError
from towpath.formats.csv_text.reading import CsvText
from towpath.ports.store import Reader
from towpath.ports.time import SECOND
from towpath.service import demo_input
from towpath.service.demo_input import Feed, Tables
from towpath.service.demo_people import Crew
from towpath.service.demo_play import SPAN, Play, Progress
from towpath.service.demo_team import Staff, hire
from towpath.service.drive import Settable
from towpath.service.load import load_csv
from towpath.service.metrics import WorkflowMetrics, workflow_metrics
from towpath.service.platform import Platform
from towpath.service.run_paths import count_paths
from towpath.service.sample_data import Sample
from towpath.service.templates import use_template

__all__ = ["SPAN", "DemoResult", "DemoSize", "DemoWorkflow", "run_demo"]

TEMPLATES = ("lead-capture", "onboarding", "case-triage", "welcome-nurture")  # sales, relationship, support, marketing
NEXT = (
    "towpath metrics lead-capture",
    "towpath tasks list",
    "towpath runs list --status waiting",
    "towpath query Lead",
)


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How many records are generated where no folder is given; cases are always generated."""

    leads: int = 9240
    deals: int = 8800
    cases: int = 1200


@dataclass(frozen=True, slots=True)
class DemoWorkflow:
    """What came of one workflow: everything measured about it, and its runs by the way they took."""

    metrics: WorkflowMetrics
    paths: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        return {**self.metrics.as_json(), "paths": dict(self.paths)}


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What came of the demo.

    ``records`` loaded by object, ``refused`` rows that were left out; ``seconds`` of real time, ``days`` of virtual
    time; ``alerts`` are notices by kind; ``next_commands`` are to be tried with the demo's folder.
    """

    records: Mapping[str, int]
    refused: Mapping[str, int]
    runs: int
    seconds: float
    days: float
    workflows: Sequence[DemoWorkflow]
    alerts: Mapping[str, int]
    next_commands: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        return {
            "records": dict(self.records), "refused": dict(self.refused), "runs": self.runs, "seconds": self.seconds,
            "days": self.days, "workflows": [each.as_json() for each in self.workflows], "alerts": dict(self.alerts),
            "next_commands": list(self.next_commands),
        }  # fmt: skip


def run_demo(
    platform: Platform,
    clock: Settable,
    *,
    data: Path | None = None,
    progress: Progress = lambda stage, more, total: None,
    seed: int = 1,
    size: DemoSize = DemoSize(),
    span: int = SPAN,
) -> DemoResult:
    """Play the demo on an empty platform whose ``clock`` is set to its begin; it is at begin + ``span`` afterwards.

    ``data`` is a folder with leads.csv and sales_pipeline.csv (InputError if they are not there); otherwise the data
    are generated from ``seed``.
    """
    _require_empty(platform)
    began, end = perf_counter(), clock.now() + span
    sample = Sample(seed, datetime.fromtimestamp(end // SECOND, UTC).date())
    tables = demo_input.read_folder(data) if data else demo_input.generated(sample, size.leads, size.deals)
    for name in TEMPLATES:
        use_template(platform, name, actor="demo")
    staff = hire(platform, tables.agents)
    feeds = _feeds(platform, tables, sample, size, staff)
    play = Play(platform, clock, feeds, Crew(staff.members, _timeouts(platform), seed + 10), end, seed + 11)
    play.perform(progress)
    workflows = [_measured(platform, name) for name in TEMPLATES]
    return platform.store.read(lambda tx: _result(tx, play, staff, workflows, perf_counter() - began, span))


def _require_empty(platform: Platform) -> None:
    """The demo has its folder to itself; a database that is shared may hold what matters."""
    if platform.store.read(lambda tx: tx.count(WORKFLOW))[0][0]:
        raise ConflictError(
            "the database has workflows already, and the demo is played on an empty one",
            code="demo.not_empty",
            hint="Name an empty database in TOWPATH_DATABASE_URL, or play the demo without it.",
        )


def _feeds(platform: Platform, tables: Tables, sample: Sample, size: DemoSize, staff: Staff) -> list[Feed]:
    """Accounts and campaigns are there from the begin; leads, deals and cases come in bit by bit."""
    accounts: list[str] = []
    for feed in (tables.accounts, demo_input.campaign_feed(sample)):
        if feed is not None:
            rows = list(feed.rows)
            text = CsvText(feed.header, iter(rows), "utf-8", ",")
            staff.records[feed.object] = load_csv(platform, feed.object, text, feed.options).created
            accounts += [row.cells[0] for row in rows] if feed.object == "Account" else []
    return [tables.leads, tables.deals, demo_input.case_feed(sample, accounts, size.cases)]


def _timeouts(platform: Platform) -> dict[tuple[str, str], float]:
    """Seconds after which a task is taken away, by workflow and node."""
    plans = [platform.published.plans[platform.published.find(name)] for name in TEMPLATES]
    found = {(plan.workflow, node.id): getattr(node.params, "timeout", None) for plan in plans for node in plan.nodes}
    return {place: seconds for place, seconds in found.items() if seconds is not None}


def _measured(platform: Platform, name: str) -> DemoWorkflow:
    metrics = workflow_metrics(platform, name)
    plan = platform.published.plans[platform.published.find(name)]
    return DemoWorkflow(metrics, platform.store.read(lambda tx: count_paths(tx, plan)))


def _result(
    tx: Reader, play: Play, staff: Staff, workflows: Sequence[DemoWorkflow], seconds: float, span: int
) -> DemoResult:
    runs = int(tx.count(RUN)[0][0])
    alerts = {kind: count for kind, count in tx.count(NOTICE, by=("kind",)) if kind not in ("log", "message")}
    refused = {name: count for name, count in play.refused.items() if count}
    records = {**play.loaded, **staff.records}
    return DemoResult(records, refused, runs, seconds, span / SECOND / 86400, workflows, alerts, NEXT)
