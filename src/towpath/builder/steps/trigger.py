"""The steps trigger.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class TriggerSteps(Group):
    """The steps trigger.*, typed."""

    __slots__ = ()

    def date_field(
        self,
        object: str,
        *,
        field: str,
        offset: str | None = None,
        condition: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        if_past: Literal["run", "skip"] = "skip",
        late: Literal["run", "skip"] = "run",
        rearm: Literal["anchor_moved", "never"] = "anchor_moved",
        name: str | None = None,
    ) -> Step:
        """Date of a record: Starts a run before, at or after a date that a record holds; when the date moves, so does
        the start.

        object: The kind of record, for example Deal.
        field: The date or datetime field that runs are timed by.
        offset: How far before or after, for example '-3 days'. Days and months are local, hours absolute.
        condition: Only records that meet this, asked again when the time comes.
        if_past: What to do when the time has passed at the first sight of it.
        late: What to do with times that passed while nothing was running.
        rearm: Whether a record that had its run gets another when its date moves into the future.
        """
        return self._step(
            "trigger.date_field",
            name,
            {
                "object": object,
                "field": field,
                "offset": offset,
                "condition": condition,
                "if_past": if_past,
                "late": late,
                "rearm": rearm,
            },
        )

    def error(self, *, name: str | None = None) -> Step:
        """Run failed: Starts when a run of a workflow fails that names this one as its error workflow. The item has
        workflow, run, node, record and error (code, message, hint, where).
        """
        return self._step("trigger.error", name, {})

    def form(
        self,
        path: str,
        *,
        title: str = "Form",
        description: str | None = None,
        fields: Sequence[Mapping[str, Any]] = (),
        button: str | None = None,
        done: str | None = None,
        redirect: str | None = None,
        name: str | None = None,
    ) -> Step:
        """Form: Starts a run for each form that is filled in on its web page. The item has what was filled in.

        path: The end of the address, for example ask-for-a-demo.
        title: The heading.
        description: A text under the heading.
        fields: What is asked.
        button: The text on the button.
        done: What is shown at the end.
        redirect: An address that people are sent on to at the end instead.
        """
        return self._step(
            "trigger.form",
            name,
            {
                "path": path,
                "title": title,
                "description": description,
                "fields": fields,
                "button": button,
                "done": done,
                "redirect": redirect,
            },
        )

    def manual(self, object: str | None = None, *, label: str = "Start", name: str | None = None) -> Step:
        """Button: Starts a run when somebody asks for it: at a record, from the command line, or over the API.

        object: Show the button at records of this kind; the run is about the record.
        label: The text on the button.
        """
        return self._step("trigger.manual", name, {"object": object, "label": label})

    def record(
        self,
        object: str,
        *,
        on: Literal["saved"] | Sequence[Literal["created", "updated", "deleted", "undeleted"]] = "saved",
        condition: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        mode: Literal["edge", "level"] = "edge",
        when: Literal["committed", "before_save", "after_save"] = "committed",
        order: int = 1000,
        per_clause: bool = False,
        name: str | None = None,
    ) -> Step:
        """Record changes: Starts a run for each record that is created, updated, deleted or undeleted and meets the
        condition, once the change is on disk or within the save. After a deletion the item is the record as it was.

        object: The kind of record, for example Lead.
        on: Which changes count; 'saved' is created, updated and undeleted.
        condition: What the record must meet, for example: score > 50 and status == "New".
        mode: 'edge' starts when the record begins to meet the condition, 'level' at every save that meets it.
        when: 'committed' starts a run once the change is on disk; 'before_save' and 'after_save' run within the
            save: before it may set fields or refuse, after it may change records, and its failure undoes the save.
        order: Among workflows that one save sets off, lower numbers go first.
        per_clause: Each part of an 'or' condition starts a run when it becomes true, also if another was.
        """
        return self._step(
            "trigger.record",
            name,
            {
                "object": object,
                "on": on,
                "condition": condition,
                "mode": mode,
                "when": when,
                "order": order,
                "per_clause": per_clause,
            },
        )

    def schedule(
        self,
        cron: str,
        *,
        object: str | None = None,
        where: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        limit: int | None = None,
        missed: Literal["all", "last", "none"] = "last",
        name: str | None = None,
    ) -> Step:
        """Schedule: Starts at set times, in the workflow's time zone: one run, or one for each record of a set.

        cron: Minute, hour, day, month, weekday in the workflow's time zone, for example '0 9 * * MON-FRI'.
        object: Start one run for each record of this kind instead of one run in all.
        where: Only records that meet this condition.
        limit: Most records at one time, oldest first.
        missed: Which of the times that passed while nothing was running are made up for.
        """
        return self._step(
            "trigger.schedule", name, {"cron": cron, "object": object, "where": where, "limit": limit, "missed": missed}
        )

    def webhook(
        self,
        path: str,
        *,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST",
        secret: str | None = None,
        dedupe: str | None = None,
        answer: Literal["at_once", "result", "node"] = "at_once",
        answer_within: float | str = 30.0,
        answer_give: Literal["first", "all", "file", "nothing"] = "first",
        answer_status: int = 200,
        name: str | None = None,
    ) -> Step:
        """Webhook: Starts a run for each call of a web address. The item has method, path, headers, query and body,
        and params where the path has parameters.

        path: The end of the address, for example new-lead. With orders/:id a call of orders/17 is taken, too: the
            item has 17 in params.id. A path without a parameter comes first.
        method: The HTTP method of the call.
        secret: Name of the stored secret that callers sign with; without it anyone may call.
        dedupe: Where a call carries its own identity, for example body.id or headers.x-event-id: a repeated call
            with the same value starts nothing.
        answer: at_once: the caller is told that the call is safe; result: gets what the run ends with; node: gets
            what the node 'Answer a web call' says. Who waits too long is told that the call is safe.
        answer_within: How long a caller waits at most.
        answer_give: With result: the first item, all items, a file of the first one, or nothing.
        answer_status: With result: the HTTP status.
        """
        return self._step(
            "trigger.webhook",
            name,
            {
                "path": path,
                "method": method,
                "secret": secret,
                "dedupe": dedupe,
                "answer": answer,
                "answer_within": answer_within,
                "answer_give": answer_give,
                "answer_status": answer_status,
            },
        )

    def workflow(self, input: Mapping[str, Any] | None = None, *, name: str | None = None) -> Step:
        """Called by a workflow: Starts when another workflow runs this one; the items are those that it hands in.

        input: JSON Schema of an input item, shown to whoever uses this workflow in another.
        """
        return self._step("trigger.workflow", name, {"input": input})
