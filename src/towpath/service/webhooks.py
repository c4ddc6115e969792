"""Webhook calls from outside: checked, told apart, and on disk together when ``accept_calls`` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from towpath.engine.events import Event, Start
from towpath.engine.files import StoredFiles
from towpath.engine.journal import write_events
from towpath.engine.plan import Plan
from towpath.errors import NotFoundError, TowpathError
from towpath.ports.store import Transaction
from towpath.service.braking import brake_starts
from towpath.service.platform import Platform
from towpath.service.receipts import RECEIPT, keep_receipts, known_runs
from towpath.service.signatures import Call, Upload, check_trust
from towpath.service.webhook_paths import Listener, Params, Paths


@dataclass(frozen=True, slots=True)
class Accepted:
    """The runs of a call, one for each workflow that listens; ``repeated`` when an earlier call started them all."""

    runs: list[str]
    repeated: bool = False
    answer: Expected | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The run that answers the caller, and for how many seconds it is waited for."""

    run: str
    within: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A listener that a call reaches: the item that it makes of it, and what it knows the call by."""

    listener: Listener
    item: dict[str, Any]
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What the calls of one transaction come to."""

    known: dict[str, str]
    fresh: dict[str, str] = field(default_factory=dict)  # receipt key -> run, of this batch
    events: dict[tuple[int, str], Event] = field(default_factory=dict)


def prepare(platform: Platform) -> None:
    """Make the table of receipts where the store has none."""
    platform.store.write(lambda tx: tx.ensure(RECEIPT))


def accept_calls(
    platform: Platform, calls: Sequence[Call], secrets: Mapping[str, str]
) -> list[Accepted | TowpathError]:
    """One outcome per call, in order: a call that is refused takes nothing of the others with it.

    ``secrets`` has the secrets that triggers name. All calls for one trigger become one row of intake.
    """
    return platform.store.write(lambda tx: _accept(platform, tx, calls, secrets))


def _accept(
    platform: Platform, tx: Transaction, calls: Sequence[Call], secrets: Mapping[str, str]
) -> list[Accepted | TowpathError]:
    platform.published.refresh(tx)
    now, listening = platform.clock.now(), _listening(platform)
    trusted = [_trusted(call, listening, secrets, now) for call in calls]
    wanted = [key for found in trusted if isinstance(found, list) for heard in found for key in heard.keys]
    batch = _Batch(known_runs(tx, wanted, now))
    outcomes = [
        found if isinstance(found, TowpathError) else _start(platform, tx, batch, call, found)
        for call, found in zip(calls, trusted, strict=True)
    ]
    priorities = {plan.number: plan.definition.settings.priority for plan in platform.published.plans.values()}
    for (version, node), event in batch.events.items():
        brake_starts(platform, tx, platform.published.plans[version], node, len(event.starts))
    write_events(tx, list(batch.events.values()), priorities, now)
    if batch.fresh:
        keep_receipts(tx, batch.fresh, now)
    return outcomes


def _listening(platform: Platform) -> Paths:
    """The triggers of all active versions by path."""
    plans = (platform.published.plans[number] for number in sorted(platform.published.active.values()))
    return Paths.of(
        Listener(plan, node.id, cast("Params", node.params)) for plan in plans for node in plan.triggers("webhook")
    )


def _trusted(call: Call, listening: Paths, secrets: Mapping[str, str], now: int) -> list[Heard] | TowpathError:
    """The listeners that the call may start; the first refusal when there is none."""
    try:
        reached = _reached(call, listening)
    except NotFoundError as error:
        return error
    found, refusals = list[Heard](), list[TowpathError]()
    for heard in reached:
        try:
            identity = check_trust(call, heard.listener.params.secret, secrets, now)
        except TowpathError as error:
            refusals.append(error)
        else:
            found.append(replace(heard, keys=_receipt_keys(call, heard, identity)))
    return found or refusals[0]


def _reached(call: Call, listening: Paths) -> list[Heard]:
    path = call.path.strip("/")
    at_path = listening.at(path)
    for values, listeners in at_path:
        item = call.item if values is None else {**call.item, "params": values}
        reached = [Heard(each, item) for each in listeners if each.params.method == call.method]
        if reached:
            return reached
    methods = sorted({each.params.method for _, listeners in at_path for each in listeners})
    hint = f"It takes {', '.join(methods)}." if methods else None
    raise NotFoundError(f"no active workflow listens to {call.method} {path!r}", code="webhook.unknown", hint=hint)


def _receipt_keys(call: Call, heard: Heard, identity: str | None) -> tuple[str, ...]:
    """Everything that the call is known by: its signed id, its header, and what the workflow looks at."""
    listener = heard.listener
    names = {"signed": identity, "header": call.key, "item": listener.params.dedupe_key(heard.item)}
    place = f"{listener.plan.workflow}/{listener.node}"
    return tuple(f"{place}/{kind}/{name}" for kind, name in names.items() if name is not None)


def _start(platform: Platform, tx: Transaction, batch: _Batch, call: Call, reached: Sequence[Heard]) -> Accepted:
    runs, repeated = [], True
    for heard in reached:
        listener, keys = heard.listener, heard.keys
        run = next((found for key in keys if (found := batch.known.get(key))), None)
        if run is None:
            run, repeated = platform.ids.new(), False
            start = Start(run, None, [heard.item])
            if call.files:
                start.files = [keep_uploads(platform, tx, listener.plan, run, call.files)]
            _event(platform, batch, listener).starts.append(start)
        fresh = {key: run for key in keys if key not in batch.known}
        batch.fresh.update(fresh)
        batch.known.update(fresh)
        runs.append(run)
    answering = ((run, heard.listener.params) for run, heard in zip(runs, reached, strict=True))
    answer = next((Expected(run, p.answer_within) for run, p in answering if p.answer != "at_once"), None)
    return Accepted(runs, repeated, None if repeated else answer)


def keep_uploads(
    platform: Platform, tx: Transaction, plan: Plan, run: str, uploads: Mapping[str, Upload]
) -> dict[str, Any]:
    """References of files that came with a call, kept with the run that it starts."""
    files, limit = StoredFiles(tx, platform.ids, platform.clock), plan.definition.settings.limits.file_bytes
    return {
        name: files.write(run, [each.data], name=each.name[:255], media_type=each.media_type, limit=limit)
        for name, each in uploads.items()
    }


def _event(platform: Platform, batch: _Batch, listener: Listener) -> Event:
    place = listener.plan.number, listener.node
    event = batch.events.get(place)
    if event is None:
        event = batch.events[place] = Event(platform.ids.new(), "start", place[0], place[1])
    return event
