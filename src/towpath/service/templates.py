"""Ready-made workflows: four scenarios, at least two complete workflows each, as YAML files that ship with Towpath."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import msgspec

from towpath.errors import NotFoundError, TowpathError, did_you_mean
from towpath.formats.native import load_definition
from towpath.formats.native.decode import decode
from towpath.model.change import Cause
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.records import Records as CrmRecords
from towpath.service.platform import Platform
from towpath.service.template_script import Play
from towpath.service.unit import Unit, in_unit
from towpath.service.workflows import PublishedVersion, publish

Scenario: TypeAlias = Literal["sales", "relationship", "support", "marketing"]
Records: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]

NAMES = (
    "lead-capture", "mql-handover", "stalled-deal", "discount-approval", "closed-won",
    "onboarding", "health-drop", "renewal", "survey-follow-up", "win-back",
    "case-triage", "sla-guard", "waiting-on-customer", "major-incident", "case-closing",
    "welcome-nurture", "lead-scoring", "webinar", "campaign-ab", "sunset",
)  # fmt: skip


_SHARED = {"User": "email", "Team": "name"}  # by what people and teams are known again
_REFERENCE = re.compile(r"@(?:(?P<object>\w+) )?(?P<field>\w+)=(?P<value>.+)")


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made workflow; titles and descriptions by language ("en", "zh"), sample records by object."""

    name: str
    scenario: Scenario
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    definition: WorkflowDefinition
    sample: Records
    play: Play

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams that the workflow gives work or messages to, by name."""
        lanes = [lane.assignee for lane in self.definition.lanes.values() if lane.kind == "team"]
        told = [node.params.get("team") for node in self.definition.nodes.values()]
        return tuple(dict.fromkeys(name for name in (*lanes, *told) if name and "{{" not in name))

    @property
    def connections(self) -> tuple[str, ...]:
        """The stored connections that its nodes use, by name."""
        return tuple(dict.fromkeys(name for node in self.definition.nodes.values() for name in node.connections))


class _About(msgspec.Struct, forbid_unknown_fields=True):
    """What stands beside a workflow file: where it belongs, its Chinese texts, and records to try it on."""

    scenario: Scenario
    title: dict[str, str]
    description: dict[str, str]
    sample: dict[str, list[dict[str, Any]]]
    play: Play


def list_templates() -> tuple[Template, ...]:
    """All templates, by scenario."""
    return tuple(get_template(name) for name in NAMES)


@cache
def get_template(name: str) -> Template:
    """A template by name. NotFoundError with the nearest name when there is none."""
    if name not in NAMES:
        hint = did_you_mean(name, NAMES) or "towpath templates list shows them all."
        raise NotFoundError(f"there is no template {name!r}", code="template.unknown", hint=hint)
    definition = load_definition(_read(name, "workflow.yaml"))
    about = msgspec.convert(_read(name, "about.yaml"), _About)
    english = {"en": definition.name}, {"en": definition.description or ""}
    titles, descriptions = english[0] | about.title, english[1] | about.description
    return Template(name, about.scenario, titles, descriptions, definition, about.sample, about.play)


def use_template(platform: Platform, name: str, *, actor: str = "system", sample: bool = False) -> PublishedVersion:
    """Publish a template; the teams that it names are made where there are none of the name.

    With ``sample`` its sample records are created too, which start its first runs.
    """
    template = get_template(name)
    teams = [{"name": name} for name in template.teams]
    in_unit(platform, lambda unit: create_all(unit, {"Team": teams}, actor))
    made = publish(platform, template.definition, actor=actor)
    if sample:
        in_unit(platform, lambda unit: create_all(unit, template.sample, actor))
    return made


def create_all(unit: Unit, records: Records, actor: str = "system") -> dict[str, list[str]]:
    """Create a few records by object, one after the other; their ids.

    A person or team that is there already is set to what is given, since samples share people; other records are
    never taken over. ``@field=value`` in place of a reference finds its record, which may be one made just before;
    other fields name its object too, ``@Object field=value``. The first record that is refused takes everything back.
    """
    return {name: [_create(unit, name, row, actor) for row in rows] for name, rows in records.items()}


def resolved(records: CrmRecords, object_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of an object's fields, with ids in place of ``@field=value`` and ``@Object field=value``."""
    schema = records.schema(object_name)
    references = {field.name: field.reference for field in schema.fields if field.reference}
    return {name: resolve(records, references.get(name), value) for name, value in values.items()}


def _create(unit: Unit, object_name: str, row: Mapping[str, Any], actor: str) -> str:
    records, values = unit.records, [resolved(unit.records, object_name, row)]
    if object_name in _SHARED:
        (outcome,) = records.upsert(object_name, _SHARED[object_name], values, Cause(actor))
    else:
        (outcome,) = records.create(object_name, values, Cause(actor))
    if isinstance(outcome, TowpathError):
        raise outcome
    return str(outcome["id"])


def resolve(records: CrmRecords, target: str | None, value: Any) -> Any:
    """The id that ``@field=value`` (of a ``target`` object) or ``@Object field=value`` stands for; else the value."""
    written = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    object_name = (written["object"] or target) if written else None
    if written is None or object_name is None:
        return value
    field, text = written["field"], written["value"]
    found = records.find_by(object_name, field, [text])[text]
    if len(found) != 1:
        raise NotFoundError(f"{value!r} stands for {len(found)} records of {object_name}", code="template.reference")
    return found[0]["id"]


def _read(name: str, file: str) -> dict[str, Any]:
    path = files("towpath").joinpath("templates", name, file)
    return decode(path.read_bytes(), syntax="yaml", file=f"{name}/{file}")
