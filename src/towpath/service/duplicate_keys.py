"""Putting a rule for duplicates in force: its fields checked, and the records that are there indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.catalogue import Catalogue
from towpath.crm.duplicates.matcher import KeyIndex, Keys, keys_of, score
from towpath.crm.duplicates.tables import BLOCK, EXACT, PAIR
from towpath.crm.problems import unknown_field
from towpath.crm.tables import NOT_DELETED
from towpath.model.condition import All, Comparison, Field
from towpath.model.duplicates import DuplicateRule
from towpath.model.table import Order
from towpath.ports.store import Transaction

PAGE = 1000


def check_rule(catalogue: Catalogue, rule: DuplicateRule) -> None:
    """The fields that a rule names must be there. Raises SchemaError."""
    schema = catalogue.schema(rule.object)
    for name in [*(match.field for match in rule.match), *rule.survivors]:
        if schema.field(name) is None:
            raise unknown_field(schema, name)


def index_records(tx: Transaction, catalogue: Catalogue, rule: DuplicateRule, now: int) -> int:
    """Index the records that are there, page by page, and list the duplicates among them; how many pairs there are."""
    forget_rule(tx, rule.name)
    if not rule.active:
        return 0
    plan, last, pairs, index = catalogue.plan(rule.object), "", 0, KeyIndex(rule, tx)
    seen: dict[str, Keys] = {}
    while True:
        where = All((NOT_DELETED, Comparison(Field("id"), ">", last)))
        rows = tx.select(plan.table, where=where, order=(Order("id"),), limit=PAGE)
        page = [dict(zip(plan.names, row, strict=True)) for row in rows]
        pairs += _index_page(tx, rule, index, seen, page, now)
        if len(page) < PAGE:
            return pairs
        last = page[-1]["id"]


def _index_page(
    tx: Transaction, rule: DuplicateRule, index: KeyIndex, seen: dict[str, Keys], page: Sequence[Mapping[str, Any]],
    now: int,
) -> int:  # fmt: skip
    exact, block, pairs = list[tuple[str, str, str]](), list[tuple[str, str, str]](), list[tuple[Any, ...]]()
    for record in page:
        keys = keys_of(rule, record)
        for other in index.candidates(keys):
            points = score(rule, keys.forms, seen[other].forms)
            if points >= rule.limit or not keys.exact.isdisjoint(seen[other].exact):
                pairs.append((record["id"], other, rule.object, rule.name, points, False, now))
        taken = {value for value in keys.exact if index.holds(value)}  # two that were there before the rule
        exact += [(rule.name, value, record["id"]) for value in sorted(keys.exact - taken)]
        block += [(rule.name, value, record["id"]) for value in sorted(keys.block | taken)]
        for value in keys.exact | keys.block:
            index.add(value, record["id"])
        seen[record["id"]] = keys
    if exact:
        tx.insert(EXACT, EXACT.names, exact)
    if block:
        tx.insert(BLOCK, BLOCK.names, block)
    if pairs:
        tx.insert(PAIR, PAIR.names, pairs, ignore_conflicts=True)
    return len(pairs)


def forget_rule(tx: Transaction, name: str) -> None:
    """Take a rule's keys and pairs away."""
    mine = Comparison(Field("rule"), "==", name)
    for table in (EXACT, BLOCK, PAIR):
        keys = tx.select(table, table.key, mine)
        if keys:
            tx.delete(table, keys)
