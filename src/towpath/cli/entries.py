"""Every command, in one visible list: what it is called, what it does, and where it lives."""

from __future__ import annotations

from towpath.cli.tree import Entry

_HERE = "towpath.cli.commands"

ENTRIES: tuple[Entry, ...] = (
    Entry("demo", "Run CRM workflows over thousands of sample records and show what came of it.", f"{_HERE}.demo"),
    Entry("serve", "Run the HTTP API and the worker.", f"{_HERE}.serve"),
    Entry("worker", "Work on runs and calls until it is stopped.", f"{_HERE}.worker"),
    Entry("check", "Find every problem of workflow files.", f"{_HERE}.check"),
    Entry("import", "Turn an n8n workflow into a workflow file, with a report.", f"{_HERE}.import_flow"),
    Entry("export", "Write a workflow as n8n's JSON.", f"{_HERE}.export_flow"),
    Entry("eval", "Try an expression on an item.", f"{_HERE}.evaluate"),
    Entry("run", "Run a workflow once, now.", f"{_HERE}.run"),
    Entry("publish", "Make workflow files the active versions: their triggers start runs.", f"{_HERE}.publish"),
    Entry("work", "Do everything that is due now, then end.", f"{_HERE}.work"),
    Entry("load", "Load records from a CSV file.", f"{_HERE}.load"),
    Entry("query", "Find records.", f"{_HERE}.query"),
    Entry("runs", "List, show, retry, cancel and erase runs.", f"{_HERE}.runs"),
    Entry("enrol", "Let many records enter a workflow, as one bulk job.", f"{_HERE}.enrol"),
    Entry("jobs", "List, show, pause, resume and cancel bulk jobs.", f"{_HERE}.jobs"),
    Entry("tasks", "List, claim, complete and reassign the work of people.", f"{_HERE}.tasks"),
    Entry("mail", "Take in mails: answers find their case, others make a new one.", f"{_HERE}.mail"),
    Entry("duplicates", "List records that may be one, and merge them.", f"{_HERE}.duplicates"),
    Entry("blueprints", "Show where records stand, make transitions, list moves and versions.", f"{_HERE}.blueprints"),
    Entry("approvals", "List, show and recall requests for a decision.", f"{_HERE}.approvals"),
    Entry("metrics", "Measure workflows, people and teams: E = T/T_max, E = W/L, C = W/P.", f"{_HERE}.metrics"),
    Entry("workflows", "List and show workflows, switch them on and off.", f"{_HERE}.workflows"),
    Entry("templates", "List, show, try and use ready-made workflows.", f"{_HERE}.templates"),
    Entry("effects", "List calls to outside systems and settle doubtful ones.", f"{_HERE}.effects"),
    Entry("objects", "List and show kinds of records, and add your own.", f"{_HERE}.objects"),
    Entry("fields", "Add fields of your own to a kind of record.", f"{_HERE}.fields"),
    Entry(
        "definitions",
        "Apply, list, show and remove calendars, validation rules and the like.",
        f"{_HERE}.definitions",
    ),
    Entry("pools", "Show who records are given to, their load, and how much waits.", f"{_HERE}.pools"),
    Entry("explain", "Show what runs when a record is saved, in order.", f"{_HERE}.explain"),
    Entry("backtest", "Run a draft over past changes, and compare with what was done.", f"{_HERE}.backtest"),
    Entry("why", "Say why a workflow starts on a record or not, condition by condition.", f"{_HERE}.why"),
    Entry("users", "List and add the people who own records and do tasks.", f"{_HERE}.users"),
    Entry("new", "Write the first lines of a node type of your own.", f"{_HERE}.new"),
    Entry("completion", "Print the completion script of a shell.", f"{_HERE}.completion"),
    Entry("version", "Print the version.", f"{_HERE}.version"),
)
