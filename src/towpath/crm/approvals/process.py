"""One approval from submission to its end: opens steps, counts answers, moves on, goes back, and reacts to silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from towpath.crm.approvals.people import People, Voter, fallback_for, voters
from towpath.crm.approvals.votes import Decision, tally
from towpath.crm.cause import each
from towpath.errors import AccessError, ConflictError, InputError, NotFoundError, TowpathError, Where
from towpath.model.approval import ApprovalStep
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Field
from towpath.model.moment import from_text, to_text
from towpath.model.reaction import Reaction, dated, next_due
from towpath.ports.records import Causes, Outcome, Record, Records

OPEN = ("Open", "Claimed")
ALARM_KIND = "approval"
NEW = "+"


class Approvals:
    """The approvals of one transaction; ``now`` in microseconds. ``told`` collects (user or None, text, approval)."""

    def __init__(self, records: Records, now: int, cause: Cause) -> None:
        self.records, self.now, self.cause = records, now, cause
        self.at = to_text(now)
        self.people = People(records, self.at)
        self.told: list[tuple[str | None, str, str]] = []

    # What people do

    def submit(self, values: Mapping[str, Any], steps: Sequence[ApprovalStep], *, draft: bool = False) -> Record:
        """A new request, in its first step unless it stays a draft. NodeError where nobody may decide."""
        if not draft:
            return one(self.submit_all([(values, steps)]))
        with self.records.opened(NEW):
            return one(self.records.create("Approval", [{**values, "steps": _listed(steps)}], self.cause))

    def submit_all(
        self, drafts: Sequence[tuple[Mapping[str, Any], Sequence[ApprovalStep]]], causes: Causes | None = None
    ) -> list[Outcome]:
        """Many new requests, set-wise; one where nobody may decide fails alone."""
        outcomes: list[Outcome | None] = [None] * len(drafts)
        asked, rows = dict[int, list[Voter]](), list[dict[str, Any]]()
        for number, (values, steps) in enumerate(drafts):
            try:
                asked[number] = voters(self.people, steps[0], values.get("submitterId"), values.get("facts") or {})
            except TowpathError as error:
                outcomes[number] = error
                continue
            opened = self._opened(steps[0], 0, 1, asked[number])
            rows.append({**values, **opened, "steps": _listed(steps), "submittedAt": self.at})
        chosen = [each(causes or self.cause, len(drafts))[number] for number in asked]
        with self.records.opened(NEW):
            created = self.records.create("Approval", rows, chosen)
        for number, outcome in zip(asked, created, strict=True):
            outcomes[number] = outcome
        made = [(outcome, asked[number]) for number, outcome in enumerate(outcomes) if isinstance(outcome, dict)]
        good = [cause for cause, outcome in zip(chosen, created, strict=True) if isinstance(outcome, dict)]
        self._begin_all(made, good)
        return [outcome for outcome in outcomes if outcome is not None]

    def start(self, approval_id: str, who: Record | None) -> Record:
        """The submitter's draft becomes pending in its first step. None: an administrator."""
        approval = self.get(approval_id)
        if approval["status"] != "Draft":
            raise ended(approval)
        _check_submitter(approval, who)
        self._write(approval, {"submittedAt": self.at})
        return self._open(self.get(approval_id), 0)

    def vote(self, task: Record, who: Record, outcome: Decision, response: Mapping[str, Any] | None) -> Record:
        """The approver's answer; what it decides happens at once. ConflictError for the second answer."""
        approval = self.get(task["approvalId"])
        if task["status"] not in OPEN or approval["status"] != "Pending" or task["approvalRound"] != approval["round"]:
            raise ConflictError(
                f"task {task['id']} is {task['status'].lower()}: it has been decided", code="task.closed",
                hint="towpath approvals show says what was decided.",
            )  # fmt: skip
        self._check_voter(approval, task, who)
        acts_for = task["actsForId"] or (task["ownerId"] if task["ownerId"] != who["id"] else None)
        done = {
            "status": "Completed", "outcome": outcome, "response": dict(response) if response else None,
            "completedBy": who["id"], "completedAt": self.at, "claimedAt": task["claimedAt"] or self.at,
            "actsForId": acts_for,
        }  # fmt: skip
        with self.records.opened(task["id"]):
            voted = one(self.records.update("Task", [task["id"]], [done], self.cause))
        self._count(approval, voted)
        return self.records.get("Task", [task["id"]])[task["id"]]

    def recall(self, approval_id: str, who: Record | None) -> Record:
        """The submitter takes the request back: locks go, open tasks are closed. None: the run or an administrator."""
        approval = self.get(approval_id)
        if approval["status"] not in ("Draft", "Pending"):
            raise ended(approval)
        _check_submitter(approval, who)
        return self._end(approval, "Recalled")

    def expire(self, approval_id: str) -> Record:
        """Nobody decided in time; an approval that has ended stays as it is."""
        approval = self.get(approval_id)
        return approval if approval["status"] != "Pending" else self._end(approval, "Expired")

    # What time and staff changes do

    def react(self, approval_id: str) -> None:
        """Do what is due because the step has taken so long."""
        approval = self.get(approval_id)
        reactions = self.step(approval).reactions if approval["status"] == "Pending" else ()
        began = from_text(approval["stepAt"]) or self.now
        ordered = dated(began, reactions, self.records.business_time)
        for number, (due, reaction) in enumerate(ordered):
            if number >= approval["reacted"] and due <= self.now and approval["status"] == "Pending":
                approval = self._write(approval, {"reacted": number + 1})
                self._react(approval, reaction)
                approval = self.get(approval_id)
        self._set_alarm(approval)

    def replace(self, user: str) -> None:
        """An approver can no longer decide: his open answers go to the step's fallback, or wait with a notice."""
        where = All((Comparison(Field("ownerId"), "==", user), Comparison(Field("status"), "in", OPEN)))
        for task in self.records.find("Task", where):
            if task["approvalId"] is not None:
                self._replace(self.get(task["approvalId"]), task)

    # Inside

    def get(self, approval_id: str) -> Record:
        """An approval; NotFoundError."""
        found = self.records.get("Approval", [approval_id])
        if approval_id not in found:
            raise NotFoundError(f"there is no approval {approval_id!r}", code="approval.not_found")
        return found[approval_id]

    def step(self, approval: Record) -> ApprovalStep:
        """The step that it stands in."""
        return ApprovalStep.model_validate(approval["steps"][approval["step"]])

    def tasks(self, approval: Record) -> list[Record]:
        """The tasks of this round of its step, oldest first."""
        found = self.records.find("Task", Comparison(Field("approvalId"), "==", approval["id"]))
        return [task for task in found if task["approvalRound"] == approval["round"]]

    def _open(self, approval: Record, number: int) -> Record:
        step = ApprovalStep.model_validate(approval["steps"][number])
        asked = voters(self.people, step, approval["submitterId"], approval["facts"] or {})
        approval = self._write(approval, self._opened(step, number, approval["round"] + 1, asked))
        self._begin_all([(approval, asked)], [self.cause])
        return self.get(approval["id"])

    def _opened(self, step: ApprovalStep, number: int, round_number: int, asked: Sequence[Voter]) -> dict[str, Any]:
        later = asked[1:] if step.policy == "sequence" else ()
        return {
            "status": "Pending", "step": number, "stepName": step.name, "stepAt": self.at, "reacted": 0,
            "round": round_number, "waiting": {"voters": len(asked), "later": [list(voter) for voter in later]},
        }  # fmt: skip

    def _begin_all(self, opened: Sequence[tuple[Record, Sequence[Voter]]], causes: Sequence[Cause]) -> None:
        """Locks, alarms and tasks of steps just opened."""
        asking = []
        for approval, asked in opened:
            step = self.step(approval)
            if step.locks and approval["relatedId"]:
                owner, record = _lock_owner(approval), approval["relatedId"]
                self.records.lock(approval["relatedObject"], record, step.locks, owner, approval["runId"])
            self._set_alarm(approval)
            asking.append((approval, asked[:1] if step.policy == "sequence" else asked))
        self._ask(asking, causes)

    def _ask(self, asking: Sequence[tuple[Record, Sequence[Voter]]], causes: Sequence[Cause]) -> None:
        rows = [
            ({**_task_of(approval), "ownerId": voter.user, "actsForId": voter.acts_for}, cause)
            for (approval, asked), cause in zip(asking, causes, strict=True)
            for voter in asked
        ]
        with self.records.opened(NEW):
            for outcome in self.records.create("Task", [row for row, _ in rows], [cause for _, cause in rows]):
                if isinstance(outcome, TowpathError):
                    raise outcome

    def _check_voter(self, approval: Record, task: Record, who: Record) -> None:
        if not who["active"]:
            raise AccessError(f"{who['name']!r} is not active", code="task.not_active")
        if who["id"] == approval["submitterId"]:
            raise AccessError("nobody decides about his own request", code="approval.own")
        if task["ownerId"] != who["id"]:
            owner = self.people.find(task["ownerId"])
            delegate = self.people.delegate_of(owner) if owner and not task["actsForId"] else None
            if delegate is None or delegate["id"] != who["id"]:
                raise AccessError("the decision is asked of somebody else", code="task.not_yours")
        if any(t["completedBy"] == who["id"] for t in self.tasks(approval) if t["status"] == "Completed"):
            raise AccessError("nobody decides twice in one step, not even for another", code="approval.twice")

    def _count(self, approval: Record, voted: Record) -> None:
        tasks, step = self.tasks(approval), self.step(approval)
        answered = sorted((t for t in tasks if t["status"] == "Completed"), key=lambda t: (t["completedAt"], t["id"]))
        first = min(t["claimedAt"] for t in answered)
        approval = self._write(
            approval,
            {"claimedAt": first, "response": voted["response"], "decidedBy": voted["completedBy"]},
        )
        decision = tally(step, [t["outcome"] for t in answered], approval["waiting"]["voters"])
        if decision is not None:
            self._decide(approval, step, decision)
        elif approval["waiting"]["later"] and not any(t["status"] in OPEN for t in tasks):
            following, *later = approval["waiting"]["later"]
            approval = self._write(approval, {"waiting": {**approval["waiting"], "later": later}})
            self._ask([(approval, [self._still_able(approval, step, Voter(*following))])], [self.cause])

    def _still_able(self, approval: Record, step: ApprovalStep, voter: Voter) -> Voter:
        if self.people.works(self.people.find(voter.user)):
            return voter
        asked = {task["ownerId"]: Voter(task["ownerId"]) for task in self.tasks(approval)}
        return fallback_for(self.people, step, approval["submitterId"], approval["facts"] or {}, asked) or voter

    def _decide(self, approval: Record, step: ApprovalStep, decision: Decision) -> None:
        last = approval["step"] == len(approval["steps"]) - 1
        if decision == "approved" and not last:
            self._leave(approval)
            self._open(approval, approval["step"] + 1)
        elif decision == "rejected" and step.on_reject == "previous" and approval["step"] > 0:
            self._leave(approval)
            self._open(approval, approval["step"] - 1)
        else:
            self._end(approval, "Approved" if decision == "approved" else "Rejected")

    def _leave(self, approval: Record) -> None:
        """Close what the step had open: tasks that nobody needs to answer any more, and its locks."""
        self.records.unlock([_lock_owner(approval)])
        idle = [task["id"] for task in self.tasks(approval) if task["status"] in OPEN]
        closed = {"status": "Cancelled", "outcome": "not needed", "completedAt": self.at}
        if idle:
            with self.records.opened(*idle):
                self.records.update("Task", idle, [closed] * len(idle), self.cause)

    def _end(self, approval: Record, status: str) -> Record:
        self._leave(approval)
        self.records.set_alarm(ALARM_KIND, approval["id"], None)
        return self._write(approval, {"status": status, "decidedAt": self.at, "dueAt": None})

    def _react(self, approval: Record, reaction: Reaction) -> None:
        tasks = [task for task in self.tasks(approval) if task["status"] in OPEN]
        if reaction.do == "expire":
            self._end(approval, "Expired")
        elif reaction.do == "remind":
            self.told += [
                (task["ownerId"], f"still to decide: {approval['subject']}", approval["id"]) for task in tasks
            ]
        else:
            self._hand_up(approval, reaction, tasks)

    def _hand_up(self, approval: Record, reaction: Reaction, tasks: Sequence[Record]) -> None:
        step = self.step(approval).model_copy(update={"approvers": (reaction.to,), "policy": "first", "quorum": None})
        try:
            found = voters(self.people, step, approval["submitterId"], approval["facts"] or {})
        except TowpathError as error:
            self.told.append((None, error.message, approval["id"]))
            return
        text = f"nobody has decided yet: {approval['subject']}"
        self.told += [(voter.user, text, approval["id"]) for voter in found]
        if reaction.do == "reassign":
            asked = {task["ownerId"] for task in self.tasks(approval)}
            new = [voter for voter in found if voter.user not in asked]
            for task, voter in zip(tasks, new, strict=False):
                self._give(task, voter)

    def _replace(self, approval: Record, task: Record) -> None:
        step, asked = self.step(approval), {t["ownerId"]: Voter(t["ownerId"]) for t in self.tasks(approval)}
        voter = fallback_for(self.people, step, approval["submitterId"], approval["facts"] or {}, asked)
        if voter is None:
            text = f"an approver can no longer decide, and nobody is named in his place: {approval['subject']}"
            self.told.append((approval["submitterId"], text, approval["id"]))
        else:
            self._give(task, voter)

    def _give(self, task: Record, voter: Voter) -> None:
        changed = {"ownerId": voter.user, "actsForId": voter.acts_for, "status": "Open", "claimedAt": None}
        with self.records.opened(task["id"]):
            self.records.update("Task", [task["id"]], [changed], self.cause)

    def _set_alarm(self, approval: Record) -> None:
        if approval["status"] != "Pending":
            return
        reactions, due = self.step(approval).reactions, None
        if reactions:
            began = from_text(approval["stepAt"]) or self.now
            due = next_due(began, reactions, approval["reacted"], self.records.business_time)
        if due is not None or approval["round"] > 1 or approval["reacted"]:
            self.records.set_alarm(ALARM_KIND, approval["id"], due)

    def _write(self, approval: Record, values: Mapping[str, Any]) -> Record:
        with self.records.opened(approval["id"]):
            return one(self.records.update("Approval", [approval["id"]], [values], self.cause))


def one(outcomes: Sequence[Any]) -> Record:
    """The only outcome; raised where it is an error."""
    (outcome,) = outcomes
    if isinstance(outcome, TowpathError):
        raise outcome
    record: Record = outcome
    return record


def _check_submitter(approval: Record, who: Record | None) -> None:
    """Only who asks for a decision may send or recall the request; None is an administrator."""
    if who is not None and approval["submitterId"] != who["id"]:
        raise AccessError("only who submitted a request may send or recall it", code="approval.not_yours")


def _listed(steps: Sequence[ApprovalStep]) -> list[dict[str, Any]]:
    return [step.model_dump(mode="json", exclude_defaults=True) for step in steps]


def _task_of(approval: Record) -> dict[str, Any]:
    """What every task of a step says."""
    same = (
        "subject", "description", "form", "priority", "mail", "dueAt", "runId", "nodeId", "workflow", "relatedObject",
        "relatedId",
    )  # fmt: skip
    own = {"kind": "approval", "approvalId": approval["id"], "approvalRound": approval["round"]}
    return {**{name: approval[name] for name in same}, **own}


def ended(approval: Record) -> ConflictError:
    """The approval is past that."""
    return ConflictError(
        f"the approval {approval['id']} is {approval['status'].lower()}", code="approval.closed",
        where=Where(object="Approval", record=approval["id"]),
    )  # fmt: skip


def decision_of(outcome: str | None) -> Decision:
    """An approval is either approved or rejected."""
    if outcome in ("approved", "rejected"):
        return cast("Decision", outcome)
    raise InputError(
        "an approval is either approved or rejected", code="task.outcome",
        hint="Give the outcome 'approved' or 'rejected'.",
    )  # fmt: skip


def _lock_owner(approval: Record) -> str:
    return f"{approval['id']}:{approval['round']}"
