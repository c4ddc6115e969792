import assert from "node:assert/strict";
import test from "node:test";
import { asText, fromText } from "./clipboard.ts";
import {
  addNode,
  appendNode,
  connect,
  duplicate,
  insertOnEdge,
  move,
  paste,
  pick,
  remove,
  rename,
  setParam,
  update,
} from "./commands.ts";
import { type Definition, emptyDefinition } from "./document.ts";
import { BURST, begin, changed, redone, undone } from "./history.ts";
import { renamedReferences } from "./references.ts";

const SET = { type: "data.set", title: "Set fields" };

function line(): Definition {
  return {
    name: "Line",
    nodes: {
      a: { type: "trigger.manual", position: { x: 0, y: 0 } },
      b: { type: "data.set", name: "Score", position: { x: 280, y: 0 } },
      c: { type: "notify.log", params: { text: "{{ $('Score').item.json.x }}" }, position: { x: 560, y: 0 } },
    },
    edges: { e1: { source: "a", target: "b" }, e2: { source: "b", target: "c" } },
  };
}

test("a new node gets an id of its type, a name of its title, and a free place", () => {
  const first = addNode(emptyDefinition("New"), SET, { x: 3, y: 7 });
  const second = addNode(first.definition, SET, { x: 3, y: 7 });
  assert.deepEqual(first.definition.nodes.set, { type: "data.set", name: "Set fields", position: { x: 0, y: 0 } });
  assert.equal(second.id, "set2");
  assert.equal(second.definition.nodes.set2?.name, "Set fields 2");
  assert.notDeepEqual(second.definition.nodes.set2?.position, { x: 0, y: 0 });
});

test("appending joins the new node to the output that it was asked for at", () => {
  const { definition, id } = appendNode(line(), SET, { node: "b", port: "error" });
  assert.deepEqual(definition.edges.e3, { source: "b", target: id, source_port: "error" });
});

test("a node put into an edge takes its place, and what is behind makes room", () => {
  const { definition, id } = insertOnEdge(line(), SET, "e2");
  assert.deepEqual(definition.edges.e2, { source: "b", target: id });
  assert.deepEqual(definition.edges.e3, { source: id, target: "c" });
  assert.equal(definition.nodes[id]?.position?.x, 560);
  assert.equal(definition.nodes.c?.position?.x, 840);
  assert.equal(definition.nodes.a?.position?.x, 0);
});

test("inserting keeps the branch, its label and its limit on the first half", () => {
  const drawn = line();
  drawn.edges.e2 = { source: "b", target: "c", source_port: "true", target_port: "in2", label: "yes", limit: 3 };
  const { definition, id } = insertOnEdge(drawn, SET, "e2");
  assert.deepEqual(definition.edges.e2, { source: "b", target: id, source_port: "true", label: "yes", limit: 3 });
  assert.deepEqual(definition.edges.e3, { source: id, target: "c", target_port: "in2" });
});

test("the same edge is not drawn twice, and no node is joined to itself or to nothing", () => {
  const drawn = line();
  assert.equal(connect(drawn, { node: "a", port: "out" }, { node: "b", port: "in" }), drawn);
  assert.equal(connect(drawn, { node: "a", port: "out" }, { node: "a", port: "in" }), drawn);
  assert.equal(connect(drawn, { node: "a", port: "out" }, { node: "x", port: "in" }), drawn);
});

test("a single node that is taken out of a line leaves no gap; several do", () => {
  const one = remove(line(), ["b"], []);
  assert.deepEqual(Object.values(one.edges), [{ source: "a", target: "c" }]);
  assert.deepEqual(remove(line(), ["b", "c"], []).edges, {});
  assert.deepEqual(remove(line(), [], ["e1"]).edges, { e2: { source: "b", target: "c" } });
});

test("copies keep the edges between them, and calls by name follow the copies", () => {
  const { definition, ids } = duplicate(line(), ["b", "c"]);
  const [b, c] = ids as [string, string];
  assert.deepEqual([b, c], ["set", "log"]);
  assert.equal(definition.nodes[b]?.name, "Score 2");
  assert.deepEqual(definition.nodes[c]?.params, { text: "{{ $('Score 2').item.json.x }}" });
  assert.deepEqual(definition.edges.e3, { source: b, target: c });
  assert.deepEqual(definition.nodes[b]?.position, { x: 320, y: 40 });
});

test("what is copied as text and pasted elsewhere is the same part under free ids", () => {
  const pasted = fromText(asText(pick(line(), ["b", "c"])));
  assert.equal(pasted.kind, "part");
  const { definition, ids } = paste(emptyDefinition("Other"), pasted.kind === "part" ? pasted.part : pick(line(), []), {
    x: 0,
    y: 0,
  });
  assert.deepEqual(ids, ["b", "c"]);
  assert.deepEqual(definition.nodes.c?.params, { text: "{{ $('Score').item.json.x }}" });
});

test("n8n's JSON is known for what it is, and other text is nothing", () => {
  const flow = { nodes: [{ name: "Set", type: "n8n-nodes-base.set", parameters: {} }], connections: {} };
  assert.equal(fromText(JSON.stringify(flow)).kind, "n8n");
  for (const text of ["", "hello", "[1]", "{}", '{"nodes": {"a": 1}}', '{"nodes": [1]}']) {
    assert.equal(fromText(text).kind, "nothing", text);
  }
});

test("a rename is unique and followed by the expressions that call the node", () => {
  const renamed = rename(line(), "b", "Points");
  assert.equal(renamed.nodes.b?.name, "Points");
  assert.deepEqual(renamed.nodes.c?.params, { text: "{{ $('Points').item.json.x }}" });
  assert.equal(rename(line(), "b", "a").nodes.b?.name, "a 2");
});

test("references are found in every spelling and nowhere else", () => {
  const names = new Map([["A", "It's"]]);
  assert.equal(
    renamedReferences("{{ $('A').x + $node[\"A\"].y + $items('A') }}", names),
    "{{ $('It\\'s').x + $node[\"It's\"].y + $items('It\\'s') }}",
  );
  assert.equal(renamedReferences("A and 'A' and $('B')", names), "A and 'A' and $('B')");
  assert.deepEqual(renamedReferences({ deep: [1, null, "$('A')"] }, names), { deep: [1, null, "$('It\\'s')"] });
});

test("a value that is taken away is not written at all", () => {
  const filled = setParam(line(), "b", "fields", { x: 1 });
  assert.deepEqual(filled.nodes.b?.params, { fields: { x: 1 } });
  assert.equal("params" in (setParam(filled, "b", "fields", undefined).nodes.b ?? {}), false);
  assert.equal("notes" in (update(filled, "b", { notes: "" }).nodes.b ?? {}), false);
});

test("every change is one entry, a burst of one kind is one entry too, and nothing is none", () => {
  const start = begin(line());
  const once = changed(start, move(line(), { a: { x: 5, y: 5 } }), "move:a", 1000);
  const burst = changed(once, move(line(), { a: { x: 6, y: 5 } }), "move:a", 1000 + BURST - 1);
  const later = changed(burst, move(line(), { a: { x: 7, y: 5 } }), "move:a", 5000 + BURST);
  assert.equal(burst.past.length, 1);
  assert.equal(later.past.length, 2);
  assert.equal(changed(later, later.present, null, 9999), later);
  assert.deepEqual(undone(undone(later)).present, line());
  assert.deepEqual(redone(undone(later)).present, later.present);
  assert.equal(undone(begin(1)).present, 1);
});
