"""n8n documents to definitions: nodes by their dialects, edges by id, and a report on every node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from towpath.formats.n8n.dialect import MISSHAPEN, Given, Mapped, UnmappedError
from towpath.formats.n8n.edges import Ends, edges_of
from towpath.formats.n8n.generic import CALL, REFUSED, TRIGGER, as_service, is_trigger
from towpath.formats.n8n.limits import not_n8n
from towpath.formats.n8n.node_list import STICKY, Entry, entries_of
from towpath.formats.n8n.options import (
    credentials,
    node_options,
    pinned_items,
    runs_breadth_first,
    workflow_settings,
)
from towpath.formats.n8n.own import OWN, applied, own_params, own_parts, unsigned_nodes
from towpath.formats.n8n.report import Connection, Imported, NodeReport, Status
from towpath.formats.n8n.shapes import Document, workflows_in
from towpath.formats.n8n.text import parse
from towpath.formats.n8n.texts import unsigned
from towpath.formats.n8n.types import DIALECTS
from towpath.formats.n8n.wiring import attached, parts_by_owner, reached_nodes, wiring_of
from towpath.model.workflow import WorkflowDefinition


def survey_n8n(source: bytes | str, *, file: str | None = None) -> list[Imported]:
    """Every workflow of a file. Raises FormatError where the file cannot be read."""
    return [read_document(document, file) for document in workflows_in(parse(source, file), file)]


def read_n8n(source: bytes | str | Mapping[str, Any], *, file: str | None = None) -> Imported:
    """The one workflow of a file, or of a decoded document. Raises FormatError."""
    found = workflows_in(source if isinstance(source, Mapping) else parse(source, file), file)
    if len(found) > 1:
        raise not_n8n(f"the file holds {len(found)} workflows", file, "Import them one by one.")
    return read_document(found[0], file)


def read_document(document: Document, file: str | None = None) -> Imported:
    """A decoded workflow."""
    return _Reader(document, file).read()


class _Reader:
    """One import: what was found so far."""

    def __init__(self, document: Document, file: str | None) -> None:
        self.document = document
        self.file = file
        self.entries = entries_of(document, file)
        self.wiring = wiring_of(document, self.entries, file)
        self.parts = parts_by_owner(self.wiring)
        self.own = own_parts(document)
        self.unsigned = unsigned_nodes(self.own)
        self.nodes: dict[str, dict[str, Any]] = {}
        self.ends: dict[str, Ends] = {}
        self.reports: list[NodeReport] = []
        self.warnings: list[str] = list(self.wiring.warnings)
        self.connections: dict[str, str] = {}

    def read(self) -> Imported:
        """Nodes, then edges, then the whole."""
        inside = self.wiring.attached_only()
        notes = []
        breadth = runs_breadth_first(self.document)
        reached = None if self.own is not None else reached_nodes(self.wiring.main, self._starts(), breadth=breadth)
        for name, entry in self.entries.items():
            if entry.type == STICKY:
                notes.append(str((entry.raw.get("parameters") or {}).get("content", "")))
            elif name in inside:
                self._report_part(entry)
            elif reached is not None and name not in reached:
                self.reports.append(_left_out(entry))
            else:
                self._add(entry)
        edges, warnings = edges_of(self.wiring.main, self.ends)
        return self._finished(edges, warnings, "\n\n".join(filter(None, notes)))

    def _finished(self, edges: dict[str, Any], warnings: list[str], notes: str) -> Imported:
        settings = workflow_settings(self.document)
        if self.own is None and "error_workflow" in settings:
            self.warnings.append(_error_workflow(settings["error_workflow"]))
        name = self.document.get("name")
        whole = {
            "name": name[:200] if isinstance(name, str) and name.strip() else "Imported workflow",
            "description": notes or None,
            "nodes": self.nodes,
            "edges": edges,
            "settings": settings,
        }
        if self.own is not None:
            whole = applied(whole, self.own)
        try:
            definition = WorkflowDefinition.model_validate(whole)
        except ValidationError as error:
            detail = error.errors()[0]
            where = ".".join(map(str, detail["loc"]))
            raise not_n8n(f"{where}: {detail['msg']}", self.file, "Correct it in n8n and export again.") from None
        connections = tuple(Connection(*pair) for pair in self.connections.items())
        return Imported(definition, tuple(self.reports), connections, (*self.warnings, *warnings))

    def _starts(self) -> list[str]:
        """The triggers; in pieces that have none, the nodes that nothing leads to."""
        fed = {line.target for line in self.wiring.main}
        flowing = [name for name, entry in self.entries.items() if entry.type != STICKY]
        return [name for name in flowing if _starts(self.entries[name])] or [
            name for name in flowing if name not in fed
        ]

    def _add(self, entry: Entry) -> None:
        mapped, status, reason, hint = self._mapped(entry)
        if entry.id in self.unsigned:
            mapped = replace(mapped, params=unsigned(mapped.params))
        options = node_options(entry)
        node: dict[str, Any] = {"type": mapped.type, "params": mapped.params, **options}
        if entry.name != entry.id:
            node["name"] = entry.name
        pinned = pinned_items(self.document, entry)
        if pinned is not None:
            node["pinned"] = pinned
        for name, kind in credentials(entry):
            self.connections.setdefault(name, kind)
        outputs = (*mapped.outputs, "error") if options["on_error"] == "branch" else mapped.outputs
        self.nodes[entry.id] = node
        first = entry.id if mapped.before is None else self._more(entry, "before", options, *mapped.before)
        beside = tuple(
            self._more(entry, f"{n}", options, mapped.type, params) for n, params in enumerate(mapped.beside, 2)
        )
        loops = mapped.type == "logic.loop"
        self.ends[entry.name] = Ends(first, entry.id, mapped.inputs, outputs, loops, beside)
        report = NodeReport(
            entry.name, entry.type, entry.version, status, entry.id, mapped.type, reason, hint, mapped.warnings
        )
        self.reports.append(report)

    def _more(self, entry: Entry, mark: str, options: Mapping[str, Any], kind: str, params: Mapping[str, Any]) -> str:
        """A further node made of an n8n node: its id."""
        taken = {other.id for other in self.entries.values()} | set(self.nodes)
        made = f"{entry.id[:100]}-{mark}"
        while made in taken:
            made += "x"
        place = options.get("position", {"x": 0.0, "y": 0.0})
        shift = -60 if mark == "before" else 0
        self.nodes[made] = {
            "type": kind,
            "params": dict(params),
            "name": f"{entry.name[:180]} ({mark})",
            "disabled": entry.disabled,
            "position": {"x": place["x"] + shift, "y": place["y"] + (0 if shift else 80)},
        }
        return made

    def _mapped(self, entry: Entry) -> tuple[Mapped, Status, str, str]:
        raw = entry.raw.get("parameters")
        raw = raw if isinstance(raw, Mapping) else {}
        inside = attached(entry.name, self.parts, self.entries)
        own = own_params(entry.type, raw)
        if own is not None:
            return own, "native", "", ""
        given = Given(entry.name, entry.type, entry.version, raw, entry.id, entry.raw.get("webhookId"))
        if entry.type in REFUSED:
            reason = f"Towpath refuses to run it: {REFUSED[entry.type]}"
            kept = as_service(given, raw, inside)
            kept = replace(kept, params={**kept.params, "refused": REFUSED[entry.type]})
            return kept, "refused", reason, "Call a service that does it, by HTTP request."
        dialect = DIALECTS.get(entry.type)
        if dialect is None:
            return as_service(given, raw, inside), "generic", *_no_dialect(entry, bool(inside))
        filled = {**dialect.default_params(entry.version), **{k: v for k, v in raw.items() if v is not None}}
        try:
            if inside:
                raise UnmappedError("it has AI parts")
            mapped = dialect.read(Given(given.name, given.type, given.version, filled, given.id, given.webhook_id))
        except UnmappedError as error:
            return as_service(given, raw, inside), "generic", error.reason, error.hint
        except MISSHAPEN:
            reason = "its parameters do not have the shape that n8n documents"
            return as_service(given, raw, inside), "generic", reason, "Open and save it in n8n, then export again."
        if not any(int(entry.version) == int(version) for version in dialect.versions):
            note = f"version {entry.version:g} is not known; it was read as version {max(dialect.versions):g}"
            mapped = replace(mapped, warnings=(*mapped.warnings, note))
        return mapped, "native", "", ""

    def _report_part(self, entry: Entry) -> None:
        owner = next(line.target for line in self.wiring.parts if line.source == entry.name)
        reason = f"it is a part of {owner!r} and is kept with it"
        self.reports.append(NodeReport(entry.name, entry.type, entry.version, "generic", None, None, reason))
        for name, kind in credentials(entry):
            self.connections.setdefault(name, kind)


def _starts(entry: Entry) -> bool:
    if entry.disabled:
        return False
    short = entry.type.rsplit(".", 1)[-1]
    return is_trigger(entry.type) or short in _TRIGGERS or entry.type.startswith(f"{OWN}trigger.")


_TRIGGERS = frozenset({"webhook", "cron", "interval", "start", "emailReadImap"})


def _left_out(entry: Entry) -> NodeReport:
    reason = "no trigger leads to it, so no run came there in n8n either; it was left out"
    hint = "Connect it in n8n and import again, if it is needed."
    return NodeReport(entry.name, entry.type, entry.version, "refused", None, None, reason, hint)


def _error_workflow(handler: str) -> str:
    return (
        f"when a run fails, n8n started the workflow with the id {handler!r}: import that one, too, and put its name "
        f"into settings.error_workflow; until then nothing is started"
    )


def _no_dialect(entry: Entry, has_parts: bool) -> tuple[str, str]:
    kind = TRIGGER if is_trigger(entry.type) else CALL
    reason = f"Towpath has no node type for {entry.type}; it is kept whole as {kind}"
    if kind == TRIGGER:
        return reason, "Start it by hand or over the API, with the items that the service would send."
    hint = "Mock or pin it in tests; replace it by an HTTP request or a step of Towpath before it runs."
    return (f"{reason}, with its AI parts" if has_parts else reason), hint
