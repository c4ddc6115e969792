"""Signing in: with a password, with a one-time link, by accepting an invitation. Each opens a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towpath.errors import AccessError, ConflictError, InputError, LimitError
from towpath.identity.tables import ACCOUNT, ATTEMPT
from towpath.identity.throttle import Failures, after_failure, wait_until
from towpath.model.change import Cause
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.access import Actor
from towpath.service.audit import Deed, write_down
from towpath.service.links import LinkError, look_at_link, use_link
from towpath.service.passwords import fits, hash_password
from towpath.service.platform import Platform
from towpath.service.sessions import end_all, open_session
from towpath.service.snapshot import in_snapshot
from towpath.service.unit import Unit, in_unit

FREE_PER_ACCOUNT = 5  # wrong passwords before each further one has to wait
FREE_PER_ADDRESS = 20  # many people may share an address


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from."""

    address: str = ""
    agent: str = ""


class WrongPasswordError(AccessError):
    """Address or password is wrong; which of the two is not told."""

    code = "auth.wrong"
    status = 401


def sign_in(platform: Platform, email: str, password: str, caller: Caller) -> str:
    """The secret of a new session. LimitError with the seconds to wait after many wrong tries."""
    address, now = email.strip().lower(), platform.clock.now()
    keys = (f"account:{address}", f"address:{caller.address}")

    def look(tx: Reader) -> tuple[str | None, str | None]:
        _check_pace(tx, keys, now)
        rows = tx.get(ACCOUNT, [address], ("id", "password", "status"), by="email")
        return rows[0][:2] if rows and rows[0][2] == "active" else (None, None)

    account, kept = platform.store.read(look)
    right = fits(password, kept)
    return _enter(platform, account, caller, keys) if right and account else _refuse(platform, address, caller, keys)


def enter_by_link(platform: Platform, code: str, caller: Caller) -> str | None:
    """The secret of a new session; None when the link first asks for a name and a password. LinkError when no good."""
    if platform.store.read(lambda tx: look_at_link(tx, code, platform.clock.now()))[1] == "join":
        return None

    def work(tx: Transaction) -> str:
        account, _ = use_link(tx, code, platform.clock.now())
        return _open(tx, platform, account, caller, "link")

    return platform.store.write(work)


def invited(platform: Platform, code: str) -> dict[str, Any]:
    """Who a link invites: name and e-mail, so that the page can greet them."""

    def work(tx: Reader) -> tuple[str, str | None]:
        account, _ = look_at_link(tx, code, platform.clock.now())
        return account, tx.get(ACCOUNT, [account], ("email",))[0][0]

    account, email = platform.store.read(work)
    users = in_snapshot(platform, lambda state: state.records.get("User", [account]))
    return {"email": email, "name": users.get(account, {}).get("name")}


def join(platform: Platform, code: str, name: str, password: str, caller: Caller) -> str:
    """Accept an invitation (or set a new password): all other sessions end, and one begins."""
    hashed = hash_password(password)

    def work(unit: Unit) -> str:
        now = platform.clock.now()
        account, _ = use_link(unit.tx, code, now)
        if name.strip():
            unit.records.update("User", [account], [{"name": name.strip()}], Cause(account))
        unit.tx.update(ACCOUNT, ("password", "status", "updated_at"), [(hashed, "active", now, account)])
        end_all(unit.tx, account)
        return _open(unit.tx, platform, account, caller, "invitation")

    return in_unit(platform, work)


def set_password(
    platform: Platform, actor: Actor, *, current: str | None, new: str, email: str | None, keep: str | None
) -> None:
    """Another password, and for an owner who came by link the first, with an address to sign in with.

    All other sessions of the account end.
    """
    rows = platform.store.read(lambda tx: tx.get(ACCOUNT, [actor.id], ("email", "password")))
    if not rows:
        raise InputError("an API token has no password", code="auth.no_account", hint="Sign in as a person.")
    address, kept = rows[0]
    if kept is not None and not fits(current or "", kept):
        raise WrongPasswordError("the current password is wrong")
    chosen = (email or "").strip().lower() or address
    if not chosen:
        raise InputError("an e-mail address to sign in with is missing", code="auth.no_email")
    hashed = hash_password(new)

    def work(tx: Transaction) -> None:
        taken = tx.get(ACCOUNT, [chosen], ("id",), by="email")
        if taken and taken[0][0] != actor.id:
            raise ConflictError(f"{chosen} has an account already", code="user.exists")
        tx.update(ACCOUNT, ("email", "password", "updated_at"), [(chosen, hashed, platform.clock.now(), actor.id)])
        end_all(tx, actor.id, but=keep)

    platform.store.write(work)


def _enter(platform: Platform, account: str, caller: Caller, keys: Sequence[str]) -> str:
    def work(tx: Transaction) -> str:
        tx.delete(ATTEMPT, list(keys[:1]))  # other people's wrong tries from the same address still count
        return _open(tx, platform, account, caller, "password")

    return platform.store.write(work)


def _open(tx: Transaction, platform: Platform, account: str, caller: Caller, how: str) -> str:
    now = platform.clock.now()
    if tx.get(ACCOUNT, [account], ("status",))[0][0] != "active":
        raise LinkError("this account is switched off", hint="Ask an owner.")
    write_down(tx, Deed(account, "session:create", account, {"how": how, "address": caller.address}), now)
    return open_session(tx, account, now, agent=caller.agent, address=caller.address)


def _refuse(platform: Platform, address: str, caller: Caller, keys: Sequence[str]) -> str:
    def work(tx: Transaction) -> None:
        now = platform.clock.now()
        for key in keys:
            failures = after_failure(_failures(tx, key), now)
            if tx.get(ATTEMPT, [key], ("key",)):
                tx.update(ATTEMPT, ("failures", "last"), [(failures.count, now, key)])
            else:
                tx.insert(ATTEMPT, ("key", "failures", "since", "last"), [(key, failures.count, now, now)])
        write_down(tx, Deed("nobody", "session:refuse", address, {"address": caller.address}), now)

    platform.store.write(work)
    raise WrongPasswordError(
        "the e-mail address or the password is wrong", hint="An owner can make a link for a new password."
    )


def _check_pace(tx: Reader, keys: Sequence[str], now: int) -> None:
    allowed = zip(keys, (FREE_PER_ACCOUNT, FREE_PER_ADDRESS), strict=True)
    until = max(wait_until(_failures(tx, key), free) for key, free in allowed)
    if until > now:
        seconds = (until - now + SECOND - 1) // SECOND
        raise LimitError(
            "too many wrong tries; wait a little", code="auth.slow_down",
            hint=f"Try again in {seconds} seconds.", params={"seconds": seconds},
        )  # fmt: skip


def _failures(tx: Reader, key: str) -> Failures:
    rows = tx.get(ATTEMPT, [key], ("failures", "last"))
    return Failures(*rows[0]) if rows else Failures()
