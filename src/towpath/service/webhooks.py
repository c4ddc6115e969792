"""Webhook calls from outside: checked, told apart, and on disk together when ``accept_calls`` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

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


class Params(Protocol):
    """What the trigger says about the calls that it takes."""

    path: str
    method: str
    secret: str | None
    answer: str
    answer_within: float

    def dedupe_key(self, item: Mapping[str, Any]) -> str | None:
        """The call's own identity in the item made from it."""
        ...


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook trigger of an active version."""

    plan: Plan
    node: str
    params: Params


Reached = list[tuple[Listener, tuple[str, ...]]]  # each listener with the keys of the call's receipts


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
    wanted = [key for found in trusted if isinstance(found, list) for _, keys in found for key in keys]
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


def _listening(platform: Platform) -> dict[str, list[Listener]]:
    """The triggers of all active versions by path."""
    found: dict[str, list[Listener]] = {}
    for number in sorted(platform.published.active.values()):
        plan = platform.published.plans[number]
        for node in plan.triggers("webhook"):
            params = cast("Params", node.params)
            found.setdefault(params.path.strip("/"), []).append(Listener(plan, node.id, params))
    return found


def _trusted(
    call: Call, listening: Mapping[str, list[Listener]], secrets: Mapping[str, str], now: int
) -> Reached | TowpathError:
    """The listeners that the call may start; the first refusal when there is none."""
    try:
        reached = _reached(call, listening)
    except NotFoundError as error:
        return error
    found, refusals = Reached(), list[TowpathError]()
    for listener in reached:
        try:
            identity = check_trust(call, listener.params.secret, secrets, now)
        except TowpathError as error:
            refusals.append(error)
        else:
            found.append((listener, _receipt_keys(call, listener, identity)))
    return found or refusals[0]


def _reached(call: Call, listening: Mapping[str, list[Listener]]) -> list[Listener]:
    path = call.path.strip("/")
    at_path = listening.get(path, [])
    reached = [listener for listener in at_path if listener.params.method == call.method]
    if reached:
        return reached
    methods = sorted({listener.params.method for listener in at_path})
    hint = f"It takes {', '.join(methods)}." if methods else None
    raise NotFoundError(f"no active workflow listens to {call.method} {path!r}", code="webhook.unknown", hint=hint)


def _receipt_keys(call: Call, listener: Listener, identity: str | None) -> tuple[str, ...]:
    """Everything that the call is known by: its signed id, its header, and what the workflow looks at."""
    names = {"signed": identity, "header": call.key, "item": listener.params.dedupe_key(call.item)}
    place = f"{listener.plan.workflow}/{listener.node}"
    return tuple(f"{place}/{kind}/{name}" for kind, name in names.items() if name is not None)


def _start(platform: Platform, tx: Transaction, batch: _Batch, call: Call, reached: Reached) -> Accepted:
    runs, repeated = [], True
    for listener, keys in reached:
        run = next((found for key in keys if (found := batch.known.get(key))), None)
        if run is None:
            run, repeated = platform.ids.new(), False
            start = Start(run, None, [call.item])
            if call.files:
                start.files = [keep_uploads(platform, tx, listener.plan, run, call.files)]
            _event(platform, batch, listener).starts.append(start)
        fresh = {key: run for key in keys if key not in batch.known}
        batch.fresh.update(fresh)
        batch.known.update(fresh)
        runs.append(run)
    answering = ((run, listener.params) for run, (listener, _) in zip(runs, reached, strict=True))
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
