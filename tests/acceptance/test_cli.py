"""The command line from end to end, on real folders: what people and programs see, and the exit codes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from towpath.cli.exit_codes import ExitCode
from towpath.cli.main import main
from towpath.main import DOORS
from towpath.storage.folder_lock import FolderLock

HOT = """
name: Qualify hot leads
nodes:
  start: {type: trigger.record, name: Lead changed, params: {object: Lead, condition: score > 50}}
  update: {type: crm.update, name: Qualify, params: {object: Lead, fields: {status: Qualified}}}
edges:
  a: {source: start, target: update}
"""
APPROVE = """
name: Approve a discount
nodes:
  go: {type: trigger.manual, name: Start}
  ask: {type: people.approve, name: Ask, params: {subject: "Discount for {{ $json.customer }}", approver: Ann Lee}}
edges:
  a: {source: go, target: ask}
"""
STOPS = """
name: Stops
nodes:
  go: {type: trigger.manual, name: Start}
  stop: {type: logic.stop, name: Give up, params: {message: no more}}
edges:
  a: {source: go, target: stop}
"""
WAITS = """
name: Waits
nodes:
  go: {type: trigger.manual, name: Start}
  wait: {type: wait.duration, name: A week, params: {duration: 7 days}}
edges:
  a: {source: go, target: wait}
"""
DIVIDES = """
name: Divides
nodes:
  go: {type: trigger.manual, name: Start}
  set: {type: data.set, name: Share, params: {fields: {share: "{{ 1 / 0 }}"}}}
edges:
  a: {source: go, target: set}
"""
ASKS = """
name: Asks
nodes:
  go: {type: trigger.manual, name: Start}
  ask: {type: people.task, name: Ask, params: {subject: Check, role: Finance}}
edges:
  a: {source: go, target: ask}
"""
LEADS = "First Name,Last Name,E-mail,Score,Colour\nJohn,Doe,john@acme.com,70,red\nAnn,Lee,ann@beta.com,20,blue\n"


class Line:
    """One folder and what commands on it print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str, expect: int = 0, locale: str = "C") -> str:
        """Run a command; its standard output."""
        code = main(["--folder", str(self.folder / "data"), *arguments], DOORS, {"LANG": locale})
        self.out, self.err = self.capsys.readouterr()
        assert code == expect, self.out + self.err
        return self.out

    def json(self, *arguments: str, expect: int = 0) -> Any:
        """Run a command with --json; what it gives."""
        return json.loads(self("--json", *arguments, expect=expect))

    def file(self, name: str, text: str) -> str:
        """Write a file; its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(tmp_path, capsys)


def test_without_arguments_the_help_lists_the_commands(line: Line) -> None:
    out = line()
    assert "publish" in out
    assert "metrics" in out


def test_leads_loaded_from_a_file_start_the_published_workflow_at_once(line: Line) -> None:
    line("publish", line.file("hot.yaml", HOT))
    line("load", "Lead", line.file("leads.csv", LEADS))
    assert line.json("query", "Lead", "--where", 'status == "Qualified"', "--fields", "lastName") == [
        {"lastName": "Doe"}
    ]
    (run,) = line.json("runs", "list")
    assert (run["workflow"], run["status"]) == ("Qualify hot leads", "completed")
    assert [step["name"] for step in line.json("runs", "show", run["id"])["steps"]] == ["Lead changed", "Qualify"]


def test_work_left_for_later_is_done_by_towpath_work(line: Line) -> None:
    line("publish", line.file("hot.yaml", HOT))
    line("load", "Lead", line.file("leads.csv", LEADS), "--later")
    assert line.json("runs", "list") == []
    assert line.json("work")["done"]["ended"] == 1


def test_a_bad_row_stays_out_and_is_written_beside_with_its_reasons(line: Line) -> None:
    path = line.file("leads.csv", LEADS + "Bad,Row,nomail,many,x\n=cmd(),Row,nomail,1,x\n")
    report = line.json("load", "Lead", path, expect=ExitCode.FAILED)
    assert (report["created"], report["refused"]) == (2, 2)
    assert {error["code"] for error in report["errors"]} == {"schema.bad_email", "schema.wrong_type"}
    with Path(report["errors_file"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["towpath line"] for row in rows] == ["4", "5"]
    assert "schema.bad_email" in rows[0]["towpath error"]
    assert rows[1]["First Name"] == "'=cmd()"  # a spreadsheet shows it and runs nothing


def test_loading_the_corrected_file_takes_the_file_of_errors_away(line: Line) -> None:
    line("load", "Lead", line.file("leads.csv", LEADS + "Bad,Row,nomail,1,x\n"), expect=ExitCode.FAILED)
    line("load", "Lead", line.file("leads.csv", LEADS))
    assert not (line.folder / "leads.errors.csv").exists()


def test_a_dry_run_checks_every_row_and_keeps_nothing(line: Line) -> None:
    report = line.json("load", "Lead", line.file("leads.csv", LEADS), "--dry-run")
    assert (report["dry_run"], report["created"]) == (True, 2)
    assert line.json("query", "Lead", "--count") == {"object": "Lead", "count": 0}


def test_a_dry_run_sees_that_two_rows_of_one_file_want_the_same_unique_value(line: Line) -> None:
    rows = "".join(f"Lead {number},x{number % 1500}\n" for number in range(1501))
    path = line.file("leads.csv", "Last Name,externalId\n" + rows)
    report = line.json("load", "Lead", path, "--dry-run", expect=ExitCode.FAILED)
    assert [error["code"] for error in report["errors"]] == ["schema.duplicate"]


def test_a_key_makes_loading_twice_update_instead_of_create(line: Line) -> None:
    path = line.file("leads.csv", "Last Name,externalId,Score\nDoe,a,1\nLee,b,2\n")
    line("load", "Lead", path, "--key", "externalId")
    changed = line.file("leads.csv", "Last Name,externalId,Score\nDoe,a,9\nLee,b,2\n")
    report = line.json("load", "Lead", changed, "--key", "externalId")
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 1, 1)


def test_columns_are_mapped_as_said_over_what_their_names_suggest(line: Line) -> None:
    path = line.file("leads.csv", "Last Name,Firm,Note\nDoe,Acme,hello\n")
    report = line.json("load", "Lead", path, "--map", "Firm=company", "--ignore", "Note")
    assert report["columns"] == {"Last Name": "lastName", "Firm": "company"}
    assert report["unknown_columns"] == ["Note"]


def test_a_misspelt_column_or_field_names_the_nearest(line: Line) -> None:
    path = line.file("leads.csv", LEADS)
    line("load", "Lead", path, "--map", "Scor=score", expect=ExitCode.USAGE)
    assert "Did you mean 'Score'?" in line.err
    line("load", "Lead", path, "--map", "Score=scor", expect=ExitCode.USAGE)
    assert "Did you mean 'score'?" in line.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "csv.empty"),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", "csv.too_many_columns"),
        (b"a,b\n1,2\n", "load.no_columns"),
    ],
)
def test_a_file_that_cannot_be_loaded_says_why(line: Line, content: bytes, code: str) -> None:
    path = line.folder / "bad.csv"
    path.write_bytes(content)
    assert main(["load", "Lead", str(path), "--json", "--folder", str(line.folder / "data")], DOORS, {}) != 0
    _, err = line.capsys.readouterr()
    assert json.loads(err)["error"]["code"] == code


def test_a_run_from_a_file_prints_a_qualified_lead_and_twice_makes_two(line: Line) -> None:
    path = line.file("hot.yaml", HOT)
    for _ in range(2):
        result = line.json("run", path, "--set", "lastName=Doe", "--set", "score=70")
        assert result["status"] == "completed"
        assert result["changes"][-1]["new"]["status"] == "Qualified"
    assert line.json("query", "Lead", "--count")["count"] == 2


def test_running_the_file_of_an_active_workflow_starts_one_run_not_two(line: Line) -> None:
    path = line.file("hot.yaml", HOT)
    line("publish", path)
    assert len(line.json("run", path, "--set", "lastName=Doe", "--set", "score=70")["runs"]) == 1


def test_a_misspelt_field_of_an_item_names_the_nearest_field(line: Line) -> None:
    line("run", line.file("hot.yaml", HOT), "--set", "lastNam=Doe", expect=ExitCode.USAGE)
    assert "Did you mean 'lastName'?" in line.err


def test_a_failed_run_has_exit_code_1_and_can_be_retried(line: Line) -> None:
    result = line.json("run", line.file("stops.yaml", STOPS), expect=ExitCode.FAILED)
    (run,) = result["runs"]
    assert run["error"]["code"] == "node.stopped"
    assert line.json("runs", "retry", run["id"])["status"] == "failed"
    assert line.json("runs", "show", run["id"])["steps"][-1]["attempt"] == 2


def test_a_trial_passes_its_waits_at_once_and_keeps_nothing(line: Line) -> None:
    path = line.file("waits.yaml", WAITS)
    assert line.json("run", path, "--trial")["status"] == "completed"
    assert not (line.folder / "data").exists()
    assert line.json("run", path)["status"] == "waiting"


def test_a_waiting_run_can_be_cancelled_once(line: Line) -> None:
    (run,) = line.json("run", line.file("waits.yaml", WAITS))["runs"]
    assert line.json("runs", "cancel", run["id"])["status"] == "cancelled"
    line("runs", "cancel", run["id"], expect=ExitCode.CONFLICT)
    assert "run.not_waiting" in line.err


def test_what_runs_carried_is_erased_by_their_id_or_by_their_age(line: Line) -> None:
    (run,) = line.json("run", line.file("waits.yaml", WAITS))["runs"]
    line("runs", "erase", run["id"], expect=ExitCode.CONFLICT)
    line("runs", "cancel", run["id"])
    assert line.json("runs", "erase", "--ended-before", "1 day") == {"runs": 0, "files": 0}
    assert "with 0 files" in line("runs", "erase", run["id"])
    line("runs", "erase", expect=ExitCode.USAGE)


def test_a_person_claims_and_completes_a_task_and_the_run_goes_on(line: Line) -> None:
    line("users", "add", "Ann Lee", "--email", "ann@example.com", "--hourly-cost", "40", "--team", "Sales")
    (run,) = line.json("run", line.file("approve.yaml", APPROVE), "--set", "customer=Acme")["runs"]
    (task,) = line.json("tasks", "list", "--owner", "Ann Lee")
    assert task["subject"] == "Discount for Acme"
    line("tasks", "claim", task["id"], "--who", "Nobody", expect=ExitCode.NOT_FOUND)
    line("tasks", "claim", task["id"], "--who", "Ann Lee")
    line("tasks", "complete", task["id"], expect=ExitCode.USAGE)
    line("tasks", "complete", task["id"], "--outcome", "approved")
    line("tasks", "complete", task["id"], "--outcome", "approved", expect=ExitCode.CONFLICT)
    assert line.json("runs", "show", run["id"])["status"] == "completed"
    assert "Ann Lee" in line("runs", "show", run["id"])
    assert line.json("metrics", "--person", "Ann Lee")["steps_done"] == 1
    assert line.json("metrics", "--team", "Sales", "--since", "1 day")["steps_done"] == 1


def test_a_task_that_nobody_has_taken_says_whose_it_is(line: Line) -> None:
    line("users", "add", "Ann Lee", "--team", "Sales")
    for whom in ("role: Finance", "team: Sales"):
        line("run", line.file("task.yaml", ASKS.replace("role: Finance", whom)))
    listed = line("tasks", "list")
    assert ("Finance" in listed, "Sales" in listed) == (True, True)


def test_metrics_count_the_runs_of_every_published_workflow(line: Line) -> None:
    line("publish", line.file("hot.yaml", HOT))
    line("load", "Lead", line.file("leads.csv", LEADS))
    (figures,) = line.json("metrics")
    assert figures["figures"]["counts"]["completed"] == 1
    assert "Qualify" in line("metrics", "Qualify hot leads")
    line("metrics", "Qualify hot leads", "--until", "2020-01-01")
    line("metrics", "Qualify hot leads", "--since", "yesterdayish", expect=ExitCode.USAGE)
    assert "moment.invalid" in line.err


def test_checking_finds_every_problem_of_every_file(line: Line) -> None:
    good, bad = (
        line.file("a.yaml", HOT),
        line.file("b.yaml", HOT.replace("crm.update", "crm.updat").replace("score", "scor")),
    )
    found = {Path(each["file"]).name: each["problems"] for each in line.json("check", good, bad, expect=1)}
    assert found["a.yaml"] == []
    assert {problem["code"] for problem in found["b.yaml"]} >= {"workflow.unknown_type", "node.unknown_field"}
    line("check", str(line.folder), expect=ExitCode.FAILED)
    line("check", good)


def test_a_file_with_problems_publishes_nothing_and_lists_them(line: Line) -> None:
    line("publish", line.file("b.yaml", HOT.replace("crm.update", "crm.updat")), expect=ExitCode.FAILED)
    assert "Did you mean 'crm.update'?" in line.err
    assert line.json("workflows", "list") == []


def test_a_workflow_is_switched_off_on_paused_and_resumed(line: Line) -> None:
    path = line.file("hot.yaml", HOT)
    line("publish", path)
    line("workflows", "off", "Qualify hot leads")
    assert line.json("workflows", "list")[0]["status"] == "off"
    line("workflows", "on", "qualify-hot-leads")
    line("workflows", "pause", "qualify-hot-leads", "--why", "holiday")
    line("load", "Lead", line.file("leads.csv", LEADS))
    assert line.json("runs", "list") == []
    line("workflows", "resume", "qualify-hot-leads")
    assert len(line.json("runs", "list")) == 1
    assert line.json("workflows", "show", "qualify-hot-leads")["versions"][0]["active"] is True
    line("workflows", "on", "qualify-hot-leads", "--version", "7", expect=ExitCode.NOT_FOUND)


def test_what_workflows_show_prints_can_be_published_again(line: Line) -> None:
    line("publish", line.file("hot.yaml", HOT))
    line("workflows", "show", "qualify-hot-leads", "--output", str(line.folder / "copy.yaml"))
    assert line.json("publish", str(line.folder / "copy.yaml"))[0]["unchanged"] is True


def test_custom_objects_and_fields_are_there_at_once(line: Line) -> None:
    line("objects", "add", "Visit")
    line("fields", "add", "Visit", "purpose", "choice", "--choices", "Sale, Service")
    assert line.json("load", "Visit", line.file("v.csv", "Name,Purpose\nMonday,Sale\n"))["created"] == 1
    line("fields", "add", "Visit", "x", "nmber", expect=ExitCode.USAGE)
    assert "Did you mean 'number'?" in line.err
    assert {each["name"] for each in line.json("objects", "list") if each["custom"]} == {"Visit"}


def test_reading_from_a_folder_that_is_not_there_makes_none(line: Line) -> None:
    for command in (["runs", "list"], ["query", "Lead"], ["metrics"], ["tasks", "list"], ["workflows", "list"]):
        line(*command, expect=ExitCode.NOT_FOUND)
        assert "folder.empty" in line.err
    assert not (line.folder / "data").exists()


def test_empty_lists_name_the_next_command(line: Line) -> None:
    line("users", "add", "Ann")
    for command in (["runs", "list"], ["query", "Lead"], ["metrics"], ["tasks", "list"], ["workflows", "list"]):
        line(*command)
        assert "Next: towpath" in line.err
        line("--quiet", *command)
        assert line.err == ""


def test_a_second_worker_on_the_folder_is_refused_and_writers_leave_the_work_to_it(line: Line) -> None:
    line("publish", line.file("hot.yaml", HOT))
    with FolderLock(line.folder / "data"):
        line("run", line.file("waits.yaml", WAITS), expect=ExitCode.CONFLICT)
        assert "storage.folder_in_use" in line.err
        line("worker", expect=ExitCode.CONFLICT)
        assert "storage.folder_in_use" in line.err
        line("load", "Lead", line.file("leads.csv", LEADS))
        assert "it goes on from here" in line.err
    assert line.json("work")["done"]["ended"] == 1


def test_errors_for_programs_are_json_on_stderr_and_stdout_stays_empty(line: Line) -> None:
    line("users", "add", "Ann")
    line("--json", "runs", "show", "nope", expect=ExitCode.NOT_FOUND)
    assert line.out == ""
    assert json.loads(line.err)["error"]["code"] == "run.not_found"
    line("--json", "qury", expect=ExitCode.USAGE)
    assert json.loads(line.err)["error"]["code"] == "usage"


def test_the_same_error_in_chinese_by_locale_and_by_option(line: Line) -> None:
    line("users", "add", "Ann")
    line("query", "Leed", expect=ExitCode.USAGE, locale="zh_CN.UTF-8")
    assert "没有对象“Leed”" in line.err
    assert "您是不是想写 'Lead'？" in line.err
    line("query", "Leed", "--lang", "zh", expect=ExitCode.USAGE)
    assert "错误" in line.err
    line("query", "Leed", "--lang=en", expect=ExitCode.USAGE, locale="zh_CN.UTF-8")
    assert "There is no object 'Leed'" in line.err


def test_the_problems_of_a_workflow_and_why_a_run_failed_are_told_in_chinese(line: Line) -> None:
    bad = line.file("b.yaml", HOT.replace("crm.update", "crm.updat"))
    shown = line("check", bad, expect=ExitCode.FAILED, locale="zh_CN.UTF-8")
    assert "没有这种节点类型。 there is no node type 'crm.updat'" in shown
    assert "您是不是想写 'crm.update'？" in shown
    line("publish", bad, expect=ExitCode.FAILED, locale="zh_CN.UTF-8")
    assert "没有这种节点类型。" in line.err
    shown = line("run", line.file("c.yaml", DIVIDES), expect=ExitCode.FAILED, locale="zh_CN.UTF-8")
    assert "表达式没有得出数字：除以零。" in shown
    assert "请先判断" in shown


def test_global_options_may_stand_anywhere(line: Line) -> None:
    line("users", "add", "Ann")
    assert json.loads(line("query", "User", "--json"))[0]["name"] == "Ann"
    line("query", "User", "--folder", expect=ExitCode.USAGE)
    assert "needs a value" in line.err


def test_what_a_record_holds_cannot_steer_the_terminal(line: Line) -> None:
    line("users", "add", "Ann \x1b[31mred\x1b[0m [bold]not bold[/bold]")
    out = line("query", "User", "--fields", "name")
    assert "\x1b" not in out
    assert "[bold]not bold[/bold]" in out


def test_a_condition_with_a_mistake_shows_the_place(line: Line) -> None:
    line("users", "add", "Ann")
    line("query", "Lead", "--where", "score >", expect=ExitCode.USAGE)
    assert "line 1, column 8" in line.err or "line 1" in line.err


def test_the_scaffolded_node_type_works(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line("new", "node", "acme.greet", "--into", str(line.folder))
    line("new", "node", "acme.greet", "--into", str(line.folder), expect=ExitCode.CONFLICT)
    line("new", "node", "Acme Greet", expect=ExitCode.USAGE)
    monkeypatch.syspath_prepend(str(line.folder))
    node_type = __import__("acme_greet").node_type
    assert node_type.name == "acme.greet"
    assert node_type.params(text="Hello").into == "text"


def test_a_folder_that_cannot_be_used_is_a_storage_error(line: Line) -> None:
    (line.folder / "data").write_text("a file")
    line("users", "add", "Ann", expect=ExitCode.STORAGE)
    assert "storage.folder" in line.err
    (line.folder / "data").unlink()
    (line.folder / "data").mkdir()
    (line.folder / "data" / "towpath.db").write_text("no database, but long enough to look like one" * 100)
    line("query", "User", expect=ExitCode.STORAGE)
    assert "storage.damaged" in line.err


def test_a_value_that_an_option_does_not_know_is_refused(line: Line) -> None:
    line("users", "add", "Ann")
    for arguments in (
        ["tasks", "list", "--status", "bogus"],
        ["query", "User", "--limit", "0"],
        ["--lang", "fr", "version"],
    ):
        line(*arguments, expect=ExitCode.USAGE)
        assert "Error usage" in line.err


@pytest.fixture
def towpath(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = {**os.environ, "TOWPATH_FOLDER": str(tmp_path / "data"), "LC_ALL": "C.UTF-8"}

    def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "towpath.main", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **more)

    return run


def test_the_process_ends_with_the_code_and_takes_a_workflow_from_standard_input(
    towpath: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = towpath("run", "-", "--json", "--set", "lastName=Doe", "--set", "score=70", input=HOT)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "completed"
    assert done.stderr == ""
    assert towpath("runs", "show", "nope").returncode == ExitCode.NOT_FOUND


def test_help_imports_neither_tables_nor_the_platform(
    towpath: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    code = "import sys, towpath.main as m\ntry: m.main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"rich.table", "pydantic", "apsw", "fastapi", "towpath.app", "towpath.service.platform"}
