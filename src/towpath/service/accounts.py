"""Accounts: the first owner, invitations, roles, switching people off. Only owners make, change or remove owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.errors import AccessError, ConflictError, InputError, NotFoundError, TowpathError
from towpath.identity.tables import ACCOUNT, API_TOKEN, LINK
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.access import ROLES, Actor
from towpath.service.audit import Deed, write_down
from towpath.service.links import make_link
from towpath.service.platform import Platform
from towpath.service.sessions import end_all
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.unit import Unit, in_unit

COLUMNS = ("id", "email", "role", "status", "created_at", "signed_in_at")
_READ = (*COLUMNS, "password")


def owner_link(platform: Platform) -> str | None:
    """The code of a one-time link for the first owner, who is made where there is none.

    None once an owner has a password: then people sign in.
    """

    def work(unit: Unit) -> str | None:
        owners = _owners(unit.tx)
        if any(has_password for _, has_password in owners):
            return None
        now = platform.clock.now()
        account = owners[0][0] if owners else _create(unit, {"name": "Owner"}, None, "owner", "active", "system")
        return make_link(unit.tx, account, "enter", now, by="system")

    return in_unit(platform, work)


def invite(platform: Platform, actor: Actor, *, email: str, role: str, name: str | None = None) -> tuple[str, str]:
    """An account for somebody, and the code of the link with which they choose a password. (id, code).

    A User record with the address is taken, else one is made. ConflictError when the address has an account.
    """
    _check_role(actor, role)
    address = email.strip().lower()

    def work(unit: Unit) -> tuple[str, str]:
        if unit.tx.get(ACCOUNT, [address], ("id",), by="email"):
            raise _known_already(address)
        values = {"name": name or address.partition("@")[0], "email": address}
        account = _create(unit, values, address, role, "invited", actor.id)
        return account, make_link(unit.tx, account, "join", platform.clock.now(), by=actor.id)

    return in_unit(platform, work)


def new_link(platform: Platform, actor: Actor, account: str) -> str:
    """A link with which somebody chooses a new password; what is there goes on working until it is used."""

    def work(tx: Transaction) -> str:
        row = _row(tx, account)
        _check_role(actor, row["role"])
        if row["status"] == "disabled":
            raise ConflictError("this account is switched off", code="user.disabled", hint="Switch it on first.")
        return make_link(tx, account, "join", platform.clock.now(), by=actor.id)

    return platform.store.write(work)


def change_account(
    platform: Platform, actor: Actor, account: str, *, role: str | None = None, active: bool | None = None
) -> None:
    """Another role, or switch the account on or off; switched off, its sessions and links end at once."""

    def work(tx: Transaction) -> None:
        row = _row(tx, account)
        _check_role(actor, row["role"])
        new_role = role or row["role"]
        _check_role(actor, new_role)
        status = row["status"] if active is None else _status(row, active=active)
        if row["role"] == "owner" and row["status"] == "active" and (new_role != "owner" or status != "active"):
            _keep_an_owner(tx)
        tx.update(ACCOUNT, ("role", "status", "updated_at"), [(new_role, status, platform.clock.now(), account)])
        if status == "disabled":
            _shut_out(tx, account)

    platform.store.write(work)


def list_accounts(platform: Platform) -> list[dict[str, Any]]:
    """Everybody who may sign in, with the name from the User record; the oldest first."""
    order = (Order("created_at"), Order("id"))
    return in_snapshot(platform, lambda state: _shown(state, state.tx.select(ACCOUNT, _READ, order=order)))


def show_account(platform: Platform, account: str) -> dict[str, Any]:
    """One account. NotFoundError when there is none."""
    found = in_snapshot(platform, lambda state: _shown(state, state.tx.get(ACCOUNT, [account], _READ)))
    if not found:
        raise _unknown(account)
    return found[0]


def note(platform: Platform, actor: str, action: str, target: str = "", **detail: Any) -> None:
    """Write something down that changes nothing else, such as a refused sign-in."""
    deed = Deed(actor, action, target, detail)
    platform.store.write(lambda tx: write_down(tx, deed, platform.clock.now()))


def _shown(state: Snapshot, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    names = state.records.get("User", [row[0] for row in rows])
    return [
        {**dict(zip(COLUMNS, row, strict=False)), "name": _name(names, row[0]), "has_password": row[-1] is not None}
        for row in rows
    ]


def _create(unit: Unit, user: Mapping[str, Any], email: str | None, role: str, status: str, by: str) -> str:
    known = unit.records.find_by("User", "email", [email])[email] if email else []
    account = str(known[0]["id"]) if known else _user(unit, user, by)
    if known and unit.tx.get(ACCOUNT, [account], ("id",)):  # and signs in with another address
        raise _known_already(str(email))
    now = unit.platform.clock.now()
    columns = ("id", "email", "role", "status", "created_at", "updated_at")
    unit.tx.insert(ACCOUNT, columns, [(account, email, role, status, now, now)])
    return account


def _user(unit: Unit, values: Mapping[str, Any], by: str) -> str:
    (made,) = unit.records.create("User", [values], Cause(by))
    if isinstance(made, TowpathError):
        raise made
    return str(made["id"])


def _check_role(actor: Actor, role: str) -> None:
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}", code="user.role", hint="Known: " + ", ".join(ROLES) + ".")
    if role == "owner" and actor.role != "owner":
        raise AccessError("only an owner may do this to an owner", code="permission.owner", hint="Ask an owner.")


def _keep_an_owner(tx: Transaction) -> None:
    where = All((Comparison(Field("role"), "==", "owner"), Comparison(Field("status"), "==", "active")))
    if tx.count(ACCOUNT, where)[0][0] < 2:
        raise ConflictError("somebody has to be owner", code="user.last_owner", hint="Make somebody else owner first.")


def _shut_out(tx: Transaction, account: str) -> None:
    end_all(tx, account)
    mine = Comparison(Field("account"), "==", account)
    tx.delete(LINK, [hashed for (hashed,) in tx.select(LINK, ("hash",), mine)])
    tx.delete(API_TOKEN, [token for (token,) in tx.select(API_TOKEN, ("id",), mine)])


def _status(row: Mapping[str, Any], *, active: bool) -> str:
    if not active:
        return "disabled"
    return "active" if row["signed_in_at"] is not None else "invited"


def _owners(tx: Reader) -> list[tuple[str, bool]]:
    where = All((Comparison(Field("role"), "==", "owner"), Comparison(Field("status"), "==", "active")))
    rows = tx.select(ACCOUNT, ("id", "password"), where, order=(Order("created_at"),))
    return [(account, password is not None) for account, password in rows]


def _row(tx: Reader, account: str) -> dict[str, Any]:
    rows = tx.get(ACCOUNT, [account], COLUMNS)
    if not rows:
        raise _unknown(account)
    return dict(zip(COLUMNS, rows[0], strict=True))


def _name(names: Mapping[str, Mapping[str, Any]], account: str) -> str:
    return str(names.get(account, {}).get("name") or account)


def _known_already(address: str) -> ConflictError:
    return ConflictError(
        f"{address} has an account already", code="user.exists", hint="Send a new link from the list of people."
    )


def _unknown(account: str) -> NotFoundError:
    return NotFoundError(f"there is no account {account!r}", code="user.unknown_account")
