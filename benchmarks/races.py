"""Many processes approve, merge and move records at once, then the books are checked.

``python -m benchmarks.races --seconds 60 --processes 10`` on SQLite, ``--postgres URL`` on Postgres. It ends with 1 and
says what is wrong when a decision was taken twice, an update was lost, or a lock stayed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any, NamedTuple

from towpath.app import open_platform
from towpath.crm.duplicates.tables import REDIRECT
from towpath.crm.locks import LOCK
from towpath.errors import TowpathError
from towpath.model.approval import ApprovalStep
from towpath.model.condition import Comparison, Field
from towpath.service import approvals, blueprints, definitions, duplicates, records, tasks
from towpath.service.alarms import fire_alarms
from towpath.service.platform import Platform
from towpath.storage.system import VirtualClock

PEOPLE, DEALS = 6, 8
EXPECTED = frozenset({403, 404, 409})  # what losing a race looks like
STATES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
BLUEPRINT: dict[str, Any] = {
    "kind": "blueprint", "name": "Round", "object": "Deal", "field": "stage",
    "states": [{"name": name} for name in STATES],
    "transitions": [
        {"name": f"{a} {b}", "from": a, "to": b} for a in STATES for b in STATES if a != b
    ],
}  # fmt: skip


class Crowd(NamedTuple):
    """Ids of the people who decide and of the deals that move."""

    people: list[str]
    deals: list[str]


def prepare(platform: Platform) -> None:
    """People who decide, and deals that move."""
    definitions.apply_definition(platform, BLUEPRINT)
    for number in range(PEOPLE):
        records.create(platform, "User", {"name": f"P{number}", "role": "Judge"})
    for number in range(DEALS):
        records.create(platform, "Deal", {"name": f"D{number}", "amount": 0, "discount": 0})


def play(platform: Platform, seconds: float, seed: int) -> Counter[str]:
    """One process's part: what it did, and how often it lost a race."""
    chance, done = random.Random(seed), Counter[str]()
    until = time.monotonic() + seconds
    crowd = Crowd(
        [user["id"] for user in records.find(platform, "User", limit=None)],
        [deal["id"] for deal in records.find(platform, "Deal", limit=None)],
    )
    acts = (_ask, _vote, _vote, _move, _move, _merge, _count)
    while time.monotonic() < until:
        act = chance.choice(acts)
        try:
            done[act.__name__] += act(platform, chance, crowd)
        except TowpathError as error:
            if error.status not in EXPECTED and error.code != "storage.locked":
                raise
            done[f"{'waited in vain' if error.status == 503 else 'lost'} {act.__name__}"] += 1
    return done


def _ask(platform: Platform, chance: random.Random, crowd: Crowd) -> int:
    if len(approvals.list_approvals(platform, limit=20)) >= 10:
        return 0
    policy = chance.choice(("first", "unanimous"))
    voters = [{"user": user} for user in chance.sample(crowd.people, 3)]
    step = ApprovalStep.model_validate(
        {"name": "judge", "approvers": voters, "policy": policy, "locks": ["discount"]}
    )  # fmt: skip
    approvals.submit(platform, "Race", [step], object_name="Deal", record=chance.choice(crowd.deals))
    return 1


def _vote(platform: Platform, chance: random.Random, _: Crowd) -> int:
    pending = [task for task in tasks.list_tasks(platform, limit=200) if task["approvalId"]]
    if not pending:
        return 0
    task = chance.choice(pending)
    outcome = chance.choice(("approved", "approved", "rejected"))
    tasks.complete_task(platform, task["id"], who=task["ownerId"], outcome=outcome)
    return 1


def _move(platform: Platform, chance: random.Random, crowd: Crowd) -> int:
    deal = chance.choice(crowd.deals)
    stands = blueprints.available(platform, "Deal", deal)
    name = chance.choice(stands["transitions"])["name"]
    blueprints.transition(platform, "Deal", deal, name, expected_state=stands["state"])
    return 1


def _merge(platform: Platform, chance: random.Random, _: Crowd) -> int:
    while len(records.find(platform, "Account", limit=4)) < 4:
        account = records.create(platform, "Account", {"name": "Twin"})
        try:
            records.create(platform, "Contact", {"lastName": "Child", "accountId": account["id"]})
        except TowpathError as error:
            if error.code != "schema.missing_reference":  # another process has merged the account meanwhile
                raise
    found = [account["id"] for account in records.find(platform, "Account", limit=6)]
    duplicates.merge(platform, "Account", chance.sample(found, 2))
    return 1


def _count(platform: Platform, chance: random.Random, crowd: Crowd) -> int:
    records.create(platform, "Activity", {"subject": "counted", "relatedId": chance.choice(crowd.deals)})
    return 1


def faults(platform: Platform, done: Counter[str]) -> list[str]:
    """What is wrong with the books after the race."""
    found = list[str]()
    platform.clock = VirtualClock(platform.clock.now() + 120 * 1_000_000)
    fire_alarms(platform)  # children that were saved while their parent was being merged are moved a minute later
    found += _approval_faults(platform) + _move_faults(platform, done["_move"]) + _merge_faults(platform)
    counted = records.count(platform, "Activity", Comparison(Field("subject"), "==", "counted"))
    if counted != done["_count"]:
        found.append(f"{done['_count']} activities were written and {counted} are there")
    voted = records.count(platform, "Task", Comparison(Field("status"), "==", "Completed"))
    if voted != done["_vote"]:
        found.append(f"{done['_vote']} votes were taken and {voted} are there")
    return found


def _approval_faults(platform: Platform) -> list[str]:
    found, pending = list[str](), set[str]()
    for approval in records.find(platform, "Approval", limit=None):
        shown = approvals.show(platform, approval["id"])
        votes = Counter(task["outcome"] for task in shown["tasks"] if task["status"] == "Completed")
        first = shown["steps"][0].get("policy") == "first"
        if approval["status"] == "Pending":
            pending.add(approval["id"])
            wrong = votes["rejected"] > 0 or votes["approved"] >= (1 if first else 3)
        elif first:
            wrong = votes.total() != 1 or votes[approval["status"].lower()] != 1
        elif approval["status"] == "Approved":
            wrong = votes["approved"] != 3 or votes["rejected"] > 0
        else:
            wrong = votes["rejected"] != 1
        if wrong:
            found.append(f"approval {approval['id']} is {approval['status']} by the votes {dict(votes)}")
    held = {owner.partition(":")[0] for (owner,) in platform.store.read(lambda tx: tx.select(LOCK, ("owner",)))}
    if held - pending:
        found.append(f"{len(held - pending)} locks stay of approvals that have ended")
    return found


def _move_faults(platform: Platform, moved: int) -> list[str]:
    found, total = list[str](), 0
    for deal in records.find(platform, "Deal", limit=None):
        chain = [(m["source"], m["target"]) for m in blueprints.moves(platform, record=deal["id"], limit=10**6)]
        total += len(chain) - 1  # the first is how it came in
        # Two processes may disagree about the order within a millisecond, so it is checked as a walk: every state is
        # left as often as it is entered, but for the one where the deal is.
        if Counter(target for _, target in chain) - Counter(source for source, _ in chain) != Counter([deal["stage"]]):
            found.append(f"the moves of deal {deal['id']} do not lead to where it is")
    if total != moved:
        found.append(f"{moved} moves were made and {total} are in the books")
    return found


def _merge_faults(platform: Platform) -> list[str]:
    alive = {account["id"] for account in records.find(platform, "Account", limit=None)}
    lost = [c["id"] for c in records.find(platform, "Contact", limit=None) if c["accountId"] not in alive]
    targets = {target for (target,) in platform.store.read(lambda tx: tx.select(REDIRECT, ("target",)))}
    found = [f"{len(lost)} children point at accounts that are gone"] if lost else []
    if targets - alive:
        found.append(f"{len(targets - alive)} redirects lead nowhere")
    return found


def opened(folder: str, url: str | None) -> Platform:
    """A platform of its own for each process."""
    if url is None:
        return open_platform(folder)
    from towpath.storage.postgres import PostgresStore  # noqa: PLC0415

    return open_platform(store=PostgresStore(url))


def race(folder: str, *, url: str | None = None, processes: int = 10, seconds: float = 60.0) -> dict[str, Any]:
    """Let the processes race; what they did, and what is wrong afterwards."""
    platform = opened(folder, url)
    prepare(platform)
    command = [sys.executable, "-m", "benchmarks.races", "--play", folder, "--seconds", str(seconds)]
    if url is not None:
        command += ["--postgres", url]
    running = [
        subprocess.Popen([*command, "--seed", str(seed)], stdout=subprocess.PIPE, text=True)
        for seed in range(processes)
    ]
    done, broken = Counter[str](), 0
    for process in running:
        out, _ = process.communicate(timeout=seconds * 10 + 120)
        broken += process.returncode != 0
        done.update(json.loads(out) if process.returncode == 0 else {})
    wrong = faults(platform, done) if not broken else [f"{broken} processes broke down"]
    platform.close()
    return {"done": dict(done), "faults": wrong}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=10)
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--play", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.play:
        platform = opened(given.play, given.postgres)
        print(json.dumps(play(platform, given.seconds, given.seed)))
        platform.close()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        result = race(folder, url=given.postgres, processes=given.processes, seconds=given.seconds)
    print(json.dumps(result, indent=2))
    return 1 if result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
