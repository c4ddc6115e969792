"""The fluent builder: rates each new lead, asks a person about the best ones, and prints the workflow as YAML."""

from __future__ import annotations

from towpath import Workflow

wf = Workflow("Rate new leads", time_limit="2 days").lane("sales", "Sales", kind="team", assignee="Sales")

call = wf.people.task("Call {{ $json.firstName }}", kind="call", due="4h", timeout="2 days").options(lane="sales")
hot = wf.crm.update("Lead", fields={"rating": "Hot"}, name="Mark as hot")
cold = wf.crm.update("Lead", fields={"rating": "Cold"}, name="Mark as cold")
noted = wf.notify.log("{{ $json.company }} is rated", name="Note it")

_ = wf.on_create("Lead") >> wf.when("score > 50", name="Score above 50?").then(hot, call).otherwise(cold) >> noted

if __name__ == "__main__":
    for problem in wf.check():
        print(problem)
    print(wf.to_yaml())
