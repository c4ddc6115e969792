import assert from "node:assert/strict";
import test from "node:test";
import type { Definition } from "./document.ts";
import { wayOf } from "./overlay.ts";

const FLOW: Definition = {
  name: "Flow",
  nodes: { start: { type: "trigger.manual" }, ask: { type: "logic.if" }, yes: { type: "a" }, no: { type: "b" } },
  edges: {
    in: { source: "start", target: "ask" },
    good: { source: "ask", target: "yes", source_port: "true" },
    bad: { source: "ask", target: "no", source_port: "false" },
    fault: { source: "ask", target: "no", source_port: "error" },
  },
};

function step(node: string, more: Record<string, unknown> = {}) {
  return { node, name: node, attempt: 1, outcome: "ok", port: null, items_in: 1, items_out: 1, error: null, ...more };
}

function run(status: string, steps: unknown[], more: Record<string, unknown> = {}) {
  return { summary: { status }, steps, waiting_at: [], error: null, ...more } as unknown as Parameters<typeof wayOf>[1];
}

test("the edges that a run went along are lit, and what it did not reach is told apart", () => {
  const way = wayOf(FLOW, run("completed", [step("start"), step("ask", { port: "true" }), step("yes")]));
  assert.deepEqual([...way.lit], ["in", "good"]);
  assert.deepEqual([way.nodes.yes?.state, way.nodes.no?.state], ["ok", "unreached"]);
});

test("a node that a run waits at is marked, and the way to it is lit", () => {
  const waiting_at = [{ node: "no" }];
  const way = wayOf(FLOW, run("waiting", [step("start"), step("ask", { port: "false" })], { waiting_at }));
  assert.equal(way.nodes.no?.state, "waiting");
  assert.deepEqual([...way.lit], ["in", "bad"]);
});

test("the node that a run failed at is marked, and how often it was tried", () => {
  const fails = step("ask", { outcome: "failed", items_out: 0, error: "x" });
  const error = { code: "x", where: { node: "ask" } };
  const way = wayOf(FLOW, run("failed", [step("start"), fails, fails], { error, waiting_at: [{ node: "ask" }] }));
  assert.deepEqual(way.nodes.ask, { state: "failed", note: "2×" });
  assert.deepEqual([...way.lit], ["in"]);
});

test("a failed step that took its error branch went along that one alone", () => {
  const fails = step("ask", { outcome: "failed", port: "error" });
  const way = wayOf(FLOW, run("completed", [step("start"), fails, step("no")]));
  assert.deepEqual([...way.lit], ["in", "fault"]);
});

test("a step whose items left by several ways lights every one that leads somewhere reached", () => {
  const way = wayOf(FLOW, run("completed", [step("start"), step("ask"), step("yes"), step("no")]));
  assert.deepEqual([...way.lit], ["in", "good", "bad", "fault"]);
});
