"""The steps crm.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class CrmSteps(Group):
    """The steps crm.*, typed."""

    __slots__ = ()

    def assign(
        self,
        pool: str,
        *,
        object: str,
        id: str | None = None,
        when_full: Literal["wait", "go_on"] = "wait",
        timeout: float | str | None = None,
        name: str | None = None,
    ) -> Step:
        """Assign record: Gives the record to somebody of a pool: by turns, by weights or to the least loaded, within
        capacity, shift and territory. What nobody can take waits in the pool's queue until there is room.

        pool: Name of the pool: a definition of the kind 'assignment'.
        object: The kind of record that the pool is for, such as Lead.
        id: Id of the record; the item's own id when nothing is said.
        when_full: When nobody can take it: wait in the queue, or leave by 'nobody' at once.
        timeout: How long it waits in the queue at most, then it leaves by 'nobody'; for ever if empty.
        """
        return self._step(
            "crm.assign", name, {"pool": pool, "object": object, "id": id, "when_full": when_full, "timeout": timeout}
        )

    def convert(
        self,
        id: str | None = None,
        *,
        deal: bool | Mapping[str, Any] | str = False,
        account: Mapping[str, Any] | str | None = None,
        contact: Mapping[str, Any] | str | None = None,
        reuse_account: bool = True,
        status: str = "Converted",
        name: str | None = None,
    ) -> Step:
        """Convert lead: Turns a lead into an account, a contact and, where wanted, a deal. The lead goes out with
        their ids, which are also $global.accountId, $global.contactId and $global.dealId.

        id: Id of the lead; the item's own id when nothing is said.
        deal: Make a deal too: true, or its fields.
        account: Fields of the account, over those taken from the lead.
        contact: Fields of the contact, over those taken from the lead.
        reuse_account: Take an account of the same name where there is one.
        status: The lead's status afterwards.
        """
        return self._step(
            "crm.convert",
            name,
            {
                "id": id,
                "deal": deal,
                "account": account,
                "contact": contact,
                "reuse_account": reuse_account,
                "status": status,
            },
        )

    def create(self, object: str, *, fields: Mapping[str, Any] | str, name: str | None = None) -> Step:
        """Create record: Creates a record for each item. The record goes out; its id is kept, for example as
        $global.leadId.

        object: The kind of record, for example Lead.
        fields: Values by field name.
        """
        return self._step("crm.create", name, {"object": object, "fields": fields})

    def delete(
        self,
        object: str,
        *,
        id: str | None = None,
        on_missing: Literal["fail", "skip"] = "fail",
        name: str | None = None,
    ) -> Step:
        """Delete record: Moves the record to the bin, from where it can be brought back. The record as it was goes
        out.

        object: The kind of record, for example Lead.
        id: Id of the record; the item's own id when nothing is said.
        on_missing: When there is no such record, or it is deleted already: the item fails, or goes on unchanged.
        """
        return self._step("crm.delete", name, {"object": object, "id": id, "on_missing": on_missing})

    def find(
        self,
        object: str,
        *,
        where: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        order: Sequence[Mapping[str, Any]] = (),
        limit: int | None = 1000,
        into: str | None = None,
        name: str | None = None,
    ) -> Step:
        """Find records: Finds the records that meet a condition. Items that find none leave by an output of their own.

        object: The kind of record, for example Deal.
        where: What the records must meet: text, JSON, or a list of field, operator, value, with expressions.
        order: How they are sorted; the oldest first when nothing is said.
        limit: Most records for one item; null for all.
        into: Keep the item and put the list of records into this field of it; without it each record goes out as an
            item of its own.
        """
        return self._step(
            "crm.find", name, {"object": object, "where": where, "order": order, "limit": limit, "into": into}
        )

    def get(
        self,
        object: str,
        *,
        id: str | None = None,
        into: str | None = None,
        on_missing: Literal["fail", "skip"] = "fail",
        name: str | None = None,
    ) -> Step:
        """Get record: Reads the record with a given id, in place of the item or into a field of it.

        object: The kind of record, for example Account.
        id: Id of the record; the item's own id when nothing is said.
        into: Keep the item and put the record into this field of it; without it the record is the item.
        on_missing: When there is no such record: the item fails, or goes on without it.
        """
        return self._step("crm.get", name, {"object": object, "id": id, "into": into, "on_missing": on_missing})

    def link(
        self, object: str, *, field: str, target: str | None, id: str | None = None, name: str | None = None
    ) -> Step:
        """Link records: Points a reference field of a record at another record, or takes the link away.

        object: The kind of record that points, for example Contact.
        id: Id of the record that points; the item's own id when nothing is said.
        field: The reference field, for example accountId.
        target: Id of the record pointed at; null takes the link away.
        """
        return self._step("crm.link", name, {"object": object, "id": id, "field": field, "target": target})

    def undelete(self, object: str, *, id: str | None = None, name: str | None = None) -> Step:
        """Bring record back: Brings a deleted record back. To workflows that watch it this counts as a new record.

        object: The kind of record, for example Lead.
        id: Id of the record; the item's own id when nothing is said.
        """
        return self._step("crm.undelete", name, {"object": object, "id": id})

    def update(
        self,
        object: str,
        *,
        fields: Mapping[str, Any] | str,
        id: str | None = None,
        search: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        on_missing: Literal["fail", "skip", "create"] = "fail",
        name: str | None = None,
    ) -> Step:
        """Update record: Sets fields of the record that the item is, of one with a given id, or of all that a search
        finds. One item goes out for each updated record.

        object: The kind of record, for example Lead.
        fields: New values by field name; other fields stay as they are.
        id: Id of the record; the item's own id when nothing is said.
        search: Instead of an id: all records that meet this; text, or a list of field, operator, value.
        on_missing: When there is no such record: the item fails, goes on unchanged, or a record is created.
        """
        return self._step(
            "crm.update",
            name,
            {"object": object, "fields": fields, "id": id, "search": search, "on_missing": on_missing},
        )

    def upsert(self, object: str, *, key: str, fields: Mapping[str, Any] | str, name: str | None = None) -> Step:
        """Create or update record: Updates the record whose key field has the item's value, or creates it when there
        is none.

        object: The kind of record, for example Contact.
        key: The field that tells records apart, for example email or externalId.
        fields: Values by field name, the key's among them.
        """
        return self._step("crm.upsert", name, {"object": object, "key": key, "fields": fields})
