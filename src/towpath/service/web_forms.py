"""Forms on web pages: what a page shows, runs that start or go on when it is filled in, and runs woken by a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast

import msgspec

from towpath.engine.events import Event, Start
from towpath.engine.files import StoredFiles
from towpath.engine.journal import write_events
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.state import decode
from towpath.engine.tables import REPLY, RUN, WAIT
from towpath.engine.web_forms import END_OF_FORM, FormField, fields_of, filled_in, page_of
from towpath.errors import NotFoundError
from towpath.model.condition import Comparison, Field
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.service.braking import brake_starts
from towpath.service.platform import Platform
from towpath.service.run_links import require_signature, signature
from towpath.service.signals import signal
from towpath.service.signatures import Upload

Json = dict[str, Any]
Uploads = Mapping[str, Upload]


class BadAnswersError(Exception):
    """What was filled in does not fit; ``wrong`` says what, by the place of the field."""

    def __init__(self, page: Json, wrong: Mapping[str, str]) -> None:
        super().__init__("the form is not filled in as it has to be")
        self.page = page
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody who fills in a form stands: at a page, waiting for the workflow, or at the end."""

    kind: Literal["page", "working", "end"]
    page: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Form:
    plan: Plan
    node: PlanNode

    @property
    def params(self) -> Any:
        return self.node.params

    @property
    def page(self) -> Json:
        params = self.params
        return page_of(params.title, params.description, params.fields, params.button)


def form_page(platform: Platform, path: str) -> Json:
    """The first page of an active form. Raises NotFoundError ``form.unknown``."""
    return platform.store.write(lambda tx: _find(platform, tx, path).page)


def start_by_form(platform: Platform, path: str, given: Json, uploads: Uploads) -> tuple[str, str]:
    """Start a run with what was filled in: its id and its signature, on disk. Raises BadAnswersError."""

    def work(tx: Transaction) -> tuple[str, str]:
        form = _find(platform, tx, path)
        fields: tuple[FormField, ...] = form.params.fields
        values = _checked(form.page, fields, given, uploads)
        run = platform.ids.new()
        item = {**values, "submittedAt": _now(platform), "formMode": "production"}
        start = Start(run, None, [item], files=[_kept(platform, tx, form.plan, run, fields, uploads) or None])
        brake_starts(platform, tx, form.plan, form.node.id, 1)
        event = Event(platform.ids.new(), "start", form.plan.number, form.node.id, starts=[start])
        write_events(tx, [event], {form.plan.number: form.plan.definition.settings.priority}, platform.clock.now())
        return run, signature(platform, tx, run)

    return platform.store.write(work)


def standing(platform: Platform, run: str, signed: str) -> Standing:
    """What the run's address shows now."""

    def work(tx: Transaction) -> Standing:
        require_signature(platform, tx, run, signed)
        page = _waiting_page(tx, run)
        if page is not None:
            return Standing("page", page)
        said = tx.get(REPLY, [run], ("headers", "body"))
        end = _end_of(*said[0]) if said else None
        return _without_page(platform, tx, run) if end is None else Standing("end", end)

    return platform.store.write(work)


def answer_page(platform: Platform, run: str, signed: str, given: Json, uploads: Uploads) -> None:
    """Hand in what was filled in; a page that nobody waits for any more takes nothing. Raises BadAnswersError."""

    def work(tx: Transaction) -> None:
        require_signature(platform, tx, run, signed)
        page = _waiting_page(tx, run)
        if page is None:
            return
        fields = fields_of(page)
        values = _checked(page, fields, given, uploads)
        plan = platform.published.plan(tx, tx.get(RUN, [run], ("version",))[0][0])
        answer = {
            "values": {**values, "submittedAt": _now(platform), "formMode": "production"},
            "files": _kept(platform, tx, plan, run, fields, uploads),
        }
        key = f"form:{run}"
        write_events(tx, signal(tx, {key: answer}, platform.ids), {}, platform.clock.now())
        # The page is answered from here on, not when a worker comes to it: it neither shows nor takes answers again.
        tx.delete(WAIT, tx.get(WAIT, [key], ("key", "run", "token"), by="key"))

    platform.store.write(work)


def resume_by_call(platform: Platform, run: str, signed: str, item: Json) -> bool:
    """Tell a run that its address was called; whether it waited for that."""

    def work(tx: Transaction) -> bool:
        require_signature(platform, tx, run, signed)
        events = signal(tx, {f"call:{run}": item}, platform.ids)
        write_events(tx, events, {}, platform.clock.now())
        return bool(events)

    return platform.store.write(work)


def _find(platform: Platform, tx: Transaction, path: str) -> _Form:
    platform.published.refresh(tx)
    for number in sorted(platform.published.active.values()):
        plan = platform.published.plans[number]
        for node in plan.triggers("form"):
            if cast("Any", node.params).path == path.strip("/"):
                return _Form(plan, node)
    raise NotFoundError(f"there is no form {path[:200]!r}", code="form.unknown", hint="Is its workflow published?")


def _checked(page: Json, fields: Any, given: Json, uploads: Uploads) -> Json:
    values, wrong = filled_in(fields, given, uploads)
    if wrong:
        raise BadAnswersError(page, wrong)
    return values


def _kept(platform: Platform, tx: Transaction, plan: Plan, run: str, fields: Any, uploads: Uploads) -> Json:
    """The files that fields of the form asked for, under the fields' names."""
    files, limit = StoredFiles(tx, platform.ids, platform.clock), plan.definition.settings.limits.file_bytes
    asked = {f"field-{place}": each.key for place, each in enumerate(fields) if each.kind == "file"}
    return {
        asked[name]: files.write(run, [each.data], name=each.name[:255], media_type=each.media_type, limit=limit)
        for name, each in uploads.items()
        if name in asked
    }


def _waiting_page(tx: Transaction, run: str) -> Json | None:
    waits = tx.select(WAIT, ("token",), Comparison(Field("key"), "==", f"form:{run}"), limit=1)
    rows = tx.get(RUN, [run], ("state",)) if waits else []
    tokens = decode(rows[0][0]).tokens if rows else []
    found = next((token.memo for token in tokens if waits and token.number == waits[0][0]), None)
    return found["page"] if isinstance(found, dict) and "page" in found else None


def _end_of(headers: Mapping[str, str], body: bytes) -> Json | None:
    """The end of the form that a run has told, or where its answer leads; other answers are for programs."""
    if headers.get("content-type") == END_OF_FORM:
        return msgspec.json.decode(bytes(body), type=Json)
    return {"redirect": headers["location"]} if "location" in headers else None


def _without_page(platform: Platform, tx: Transaction, run: str) -> Standing:
    """Runs that may still come to a page are waited for; others have no more to show than the form's end."""
    rows = tx.get(RUN, [run], ("version", "status"))
    if not rows:
        return Standing("working")
    version, status = rows[0]
    plan = platform.published.plan(tx, version)
    more = any(node.type.name == "web.form" for node in plan.nodes)
    if status == "failed":
        return Standing("end", {"failed": True})
    if more and status not in ("completed", "cancelled"):
        return Standing("working")
    params: Any = next((node.params for node in plan.nodes if node.type.trigger == "form"), None)
    return Standing("end", {"text": getattr(params, "done", None), "redirect": getattr(params, "redirect", None)})


def _now(platform: Platform) -> str:
    moment = datetime.fromtimestamp(platform.clock.now() / SECOND, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
