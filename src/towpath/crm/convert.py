"""Turning leads into an account, a contact and a deal, set-wise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm import problems
from towpath.crm.cause import each
from towpath.errors import ConflictError, InputError, TowpathError, Where, did_you_mean
from towpath.model.change import Cause
from towpath.ports.records import Causes, Record, Records

OPTIONS = {"account", "contact", "deal", "reuse_account", "status"}
_TO_ACCOUNT = ("industry", "website", "phone", "street", "city", "country", "annualRevenue", "ownerId", "teamId")
_TO_CONTACT = (
    "firstName", "lastName", "title", "email", "phone", "street", "city", "country", "source", "doNotEmail",
    "doNotCall", "ownerId",
)  # fmt: skip
_TO_DEAL = ("source", "campaignId", "ownerId", "teamId")

Row = dict[str, Any]
Ids = list[str | TowpathError]


def convert_leads(
    records: Records, ids: Sequence[str], options: Mapping[str, Any], causes: Causes, now: str
) -> list[Row | TowpathError]:
    """Convert leads; each answer has ``leadId``, ``accountId``, ``contactId`` and ``dealId`` (None without a deal).

    Options: ``reuse_account`` (default true) takes an account of the same name as the lead's company where there is
    one; ``account``, ``contact``, ``deal`` are fields that go over those taken from the lead, ``deal`` true for a
    plain deal; ``status`` is the lead's status afterwards. A lead that cannot be converted leaves nothing behind.
    """
    _check_options(options)
    conversion = _Conversion(records, options, each(causes, len(ids)))
    return conversion.run(ids, now)


def _check_options(options: Mapping[str, Any]) -> None:
    for name in options:
        if name not in OPTIONS:
            hint = did_you_mean(name, OPTIONS)
            raise InputError(f"Converting a lead has no option {name!r}.", code="convert.unknown_option", hint=hint)


class _Conversion:
    """One batch on its way; ``failed`` has the leads that fell out, ``made`` what a late failure takes back."""

    def __init__(self, records: Records, options: Mapping[str, Any], causes: Sequence[Cause]) -> None:
        self.records = records
        self.options = options
        self.causes = causes
        self.failed: dict[int, TowpathError] = {}
        self.leads: dict[int, Record] = {}

    def run(self, ids: Sequence[str], now: str) -> list[Row | TowpathError]:
        self._take(ids)
        accounts, new_accounts = self._accounts()
        contacts = self._create("Contact", {i: self._contact(i, accounts[i]) for i in self._open()})
        deals: dict[int, str] = {}
        if self.options.get("deal"):
            deals = self._create("Deal", {i: self._deal(i, accounts[i], contacts[i]) for i in self._open()})
        self._close(accounts, contacts, deals, now)
        self._take_back(accounts, new_accounts, contacts, deals)
        return [self.failed.get(i) or _answer(ids[i], i, accounts, contacts, deals) for i in range(len(ids))]

    def _take(self, ids: Sequence[str]) -> None:
        schema = self.records.schema("Lead")
        found = self.records.get("Lead", ids)
        seen: set[str] = set()
        for i, key in enumerate(ids):
            lead = found.get(key)
            if lead is None:
                self.failed[i] = problems.no_record(schema, key)
            elif (lead["converted"] and lead["contactId"]) or key in seen:
                self.failed[i] = _already(key)
            else:
                self.leads[i] = lead
                seen.add(key)

    def _open(self) -> list[int]:
        return [i for i in self.leads if i not in self.failed]

    def _accounts(self) -> tuple[dict[int, str], dict[int, str]]:
        """The account of each lead, and those of them that are new, by the lead that they were made for."""
        names = {i: _account_name(lead) for i, lead in self.leads.items()}
        reuse = self.options.get("reuse_account", True)
        known: dict[str, str] = {}
        if reuse:
            found = self.records.find_by("Account", "name", list(dict.fromkeys(names.values())))
            known = {name: matches[0]["id"] for name, matches in found.items() if matches}
        makers = dict.fromkeys(names) if not reuse else _first_by_name(names, known)
        made = self._create("Account", {i: self._account(i, names[i]) for i in makers})
        known.update({names[i]: key for i, key in made.items()})
        for i in self._open():
            if i not in made and names[i] not in known:  # the lead that was to make the account failed
                self.failed[i] = next(error for j, error in self.failed.items() if names.get(j) == names[i])
        return {i: made.get(i) or known[names[i]] for i in self._open()}, made

    def _create(self, name: str, rows: Mapping[int, Row]) -> dict[int, str]:
        made = self.records.create(name, list(rows.values()), [self.causes[i] for i in rows])
        ids: dict[int, str] = {}
        for i, outcome in zip(rows, made, strict=True):
            if isinstance(outcome, TowpathError):
                self.failed[i] = outcome
            else:
                ids[i] = outcome["id"]
        return ids

    def _close(
        self, accounts: Mapping[int, str], contacts: Mapping[int, str], deals: Mapping[int, str], now: str
    ) -> None:
        status = self.options.get("status", "Converted")
        done = self._open()
        closing = [
            {
                "status": status,
                "converted": True,
                "convertedAt": now,
                "accountId": accounts[i],
                "contactId": contacts[i],
                "dealId": deals.get(i),
            }
            for i in done
        ]
        outcomes = self.records.update("Lead", [self.leads[i]["id"] for i in done], closing, self._causes(done))
        self.failed.update({i: o for i, o in zip(done, outcomes, strict=True) if isinstance(o, TowpathError)})

    def _take_back(self, accounts: Mapping[int, str], new: Mapping[int, str], *others: Mapping[int, str]) -> None:
        """Delete what was made for leads that failed later; an account that another lead uses stays."""
        used = {accounts[i] for i in self._open()}
        orphans = {i: key for i, key in new.items() if i in self.failed and key not in used}
        for name, made in zip(("Account", "Contact", "Deal"), (orphans, *others), strict=True):
            lost = [i for i in made if i in self.failed]
            if lost:
                self.records.delete(name, [made[i] for i in lost], self._causes(lost))

    def _causes(self, positions: Sequence[int]) -> list[Cause]:
        return [self.causes[i] for i in positions]

    def _account(self, i: int, name: str) -> Row:
        return {"name": name, "type": "Customer", **_carried(self.leads[i], _TO_ACCOUNT), **self._over("account")}

    def _contact(self, i: int, account: str) -> Row:
        return {"accountId": account, **_carried(self.leads[i], _TO_CONTACT), **self._over("contact")}

    def _deal(self, i: int, account: str, contact: str) -> Row:
        row: Row = {"name": f"{_account_name(self.leads[i])} deal", "accountId": account, "contactId": contact}
        return {**row, **_carried(self.leads[i], _TO_DEAL), **self._over("deal")}

    def _over(self, part: str) -> Row:
        given = self.options.get(part)
        return dict(given) if isinstance(given, Mapping) else {}


def _carried(lead: Record, names: Sequence[str]) -> Row:
    return {name: lead[name] for name in names if lead[name] is not None}


def _account_name(lead: Record) -> str:
    """The company; a person without one is an account of his own."""
    person = " ".join(part for part in (lead["firstName"], lead["lastName"]) if part)
    return str(lead["company"] or person or lead["email"] or f"Lead {lead['id']}")


def _first_by_name(names: Mapping[int, str], known: Mapping[str, str]) -> list[int]:
    first: dict[str, int] = {}
    for i, name in names.items():
        if name not in known:
            first.setdefault(name, i)
    return list(first.values())


def _already(key: str) -> ConflictError:
    return ConflictError(
        f"The lead {key} is converted already.",
        code="lead.already_converted",
        hint="Work with the contact and account that it became.",
        where=Where(object="Lead", record=key),
    )


def _answer(
    key: str, i: int, accounts: Mapping[int, str], contacts: Mapping[int, str], deals: Mapping[int, str]
) -> Row:
    return {"leadId": key, "accountId": accounts[i], "contactId": contacts[i], "dealId": deals.get(i)}
