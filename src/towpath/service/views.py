"""Saved views of lists: one's own, and those that are shared with all.

Whoever works with records may share a view; it is changed by its owner, or by somebody who manages people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from towpath.crm.catalogue import Catalogue, load_catalogue
from towpath.crm.conditions import fit_condition, search_order
from towpath.crm.problems import unknown_field
from towpath.crm.views import VIEW
from towpath.errors import AccessError, ConflictError, LimitError, NotFoundError, Where
from towpath.model.condition import All, Any_, Comparison, Field, condition_from_json
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.access import ROLES, Actor, Permission, require
from towpath.service.platform import Platform

MOST = 200  # views of an object that one person sees


@dataclass(frozen=True, slots=True)
class View:
    """A view as stored; ``document`` has ``match``, ``filters``, ``order``, ``columns`` and ``board``."""

    id: str
    object: str
    name: str
    owner: str
    shared: bool
    is_default: bool
    document: dict[str, Any]
    changed_at: int


def list_views(platform: Platform, object_name: str, actor: Actor) -> list[View]:
    """The views of an object that somebody sees, by name."""
    return platform.store.read(lambda tx: _seen(tx, object_name, actor))


def make_view(
    platform: Platform, actor: Actor, object_name: str, name: str, document: Mapping[str, Any], *,
    shared: bool = False, is_default: bool = False,
) -> View:  # fmt: skip
    """Keep a new view. ConflictError for a name that is there, SchemaError for a field that is not."""
    view = View(
        platform.ids.new(), object_name, name, actor.id, shared, is_default, dict(document),
        platform.clock.now(),
    )  # fmt: skip

    def work(tx: Transaction) -> View:
        _check(tx, actor, view)
        tx.insert(VIEW, VIEW.names, [_row(view)])
        _only_default(tx, view)
        return view

    return platform.store.write(work)


def change_view(platform: Platform, actor: Actor, view_id: str, **changes: Any) -> View:
    """Give a view another name, document, audience; NotFoundError, and AccessError for somebody else's."""

    def work(tx: Transaction) -> View:
        view = replace(_own(tx, actor, view_id), **changes, changed_at=platform.clock.now())
        _check(tx, actor, view)
        tx.update(VIEW, VIEW.names[1:], [(*_row(view)[1:], view.id)])
        _only_default(tx, view)
        return view

    return platform.store.write(work)


def delete_view(platform: Platform, actor: Actor, view_id: str) -> None:
    """Take a view away; NotFoundError, and AccessError for somebody else's."""

    def work(tx: Transaction) -> None:
        tx.delete(VIEW, [_own(tx, actor, view_id).id])

    platform.store.write(work)


def may_change(actor: Actor, view: View) -> bool:
    """Whether the view is the actor's to change."""
    return view.owner == actor.id or (view.shared and Permission("user", "update") in ROLES[actor.role])


def _check(tx: Reader, actor: Actor, view: View) -> None:
    if view.shared:
        require(actor, Permission("record", "update"))
    _check_fields(load_catalogue(tx), view)
    others = [each for each in _seen(tx, view.object, actor) if each.id != view.id]
    if any(each.name.casefold() == view.name.casefold() for each in others):
        raise ConflictError(
            f"there is a view called {view.name!r} already", code="view.name_taken",
            hint="Choose another name, or save over that one.", where=Where(object=view.object),
            params={"name": view.name},
        )  # fmt: skip
    if len(others) >= MOST:
        raise LimitError(f"There can be {MOST} views of {view.object}.", code="limit.views")


def _check_fields(catalogue: Catalogue, view: View) -> None:
    plan = catalogue.plan(view.object)
    document = view.document
    fit_condition(plan, condition_from_json(document.get("filters", [])))
    search_order(plan, [Order(name.removeprefix("-")) for name in document.get("order", ())])
    board = document.get("board")
    for name in [*document.get("columns", ()), *([board] if board else [])]:
        if name not in plan.forms:
            raise unknown_field(plan.schema, name)


def _only_default(tx: Transaction, view: View) -> None:
    """A view that comes first takes the place of the one that did, for the same people."""
    if view.is_default:
        mine = Comparison(Field("owner"), "==", view.owner)
        same = All((Comparison(Field("object"), "==", view.object), Comparison(Field("shared"), "==", view.shared)))
        rows = tx.select(VIEW, ("id",), same if view.shared else All((same, mine)))
        tx.update(VIEW, ("is_default",), [(False, key) for (key,) in rows if key != view.id])


def _own(tx: Reader, actor: Actor, view_id: str) -> View:
    found = next(_views(tx.get(VIEW, [view_id], VIEW.names)), None)
    if found is None or not (found.shared or found.owner == actor.id):
        raise NotFoundError(f"there is no view {view_id!r}", code="view.unknown", params={"view": view_id})
    if not may_change(actor, found):
        raise AccessError(
            f"the view {found.name!r} is somebody else's", code="view.not_yours",
            hint="Save one of your own, or ask its owner or an administrator.", params={"name": found.name},
        )  # fmt: skip
    return found


def _seen(tx: Reader, object_name: str, actor: Actor) -> list[View]:
    mine = Any_((Comparison(Field("owner"), "==", actor.id), Comparison(Field("shared"), "==", True)))
    where = All((Comparison(Field("object"), "==", object_name), mine))
    return list(_views(tx.select(VIEW, VIEW.names, where, order=(Order("name"), Order("id")))))


def _views(rows: Iterable[tuple[Any, ...]]) -> Iterator[View]:
    return (View(*row) for row in rows)


def _row(view: View) -> tuple[Any, ...]:
    return tuple(getattr(view, name) for name in VIEW.names)
