import assert from "node:assert/strict";
import test from "node:test";
import { compare } from "./compare.ts";
import type { Definition } from "./document.ts";

const BASE: Definition = {
  name: "Flow",
  nodes: { a: { type: "t", name: "A", params: { x: 1, y: [1] }, position: { x: 0, y: 0 } }, b: { type: "t" } },
  edges: { e: { source: "a", target: "b" } },
};

test("what was only moved does not differ, nor does the order of keys", () => {
  const moved = {
    ...BASE,
    nodes: { b: { type: "t" }, a: { ...BASE.nodes.a, params: { y: [1], x: 1 }, position: { x: 9, y: 9 } } },
  };
  assert.deepEqual(compare(BASE, moved as Definition), []);
});

test("a changed parameter is told by its path with both values", () => {
  const changed = { ...BASE, nodes: { ...BASE.nodes, a: { type: "t", name: "A", params: { x: 2, y: [1] } } } };
  const fields = [{ path: "params.x", mine: 1, theirs: 2 }];
  assert.deepEqual(compare(BASE, changed), [{ id: "a", name: "A", kind: "node", only: null, fields }]);
});

test("nodes and edges that one side lacks, and settings, are told", () => {
  const other = {
    ...BASE,
    nodes: { a: BASE.nodes.a, c: { type: "t", name: "C" } },
    edges: {},
    settings: { log: "all" },
  };
  assert.deepEqual(
    compare(BASE, other as Definition).map((found) => [
      found.kind,
      found.name,
      found.only,
      found.fields.map((f) => f.path),
    ]),
    [
      ["workflow", "Flow", null, ["settings.log"]],
      ["node", "b", "mine", []],
      ["node", "C", "theirs", []],
      ["edge", "A → b", "mine", []],
    ],
  );
});
