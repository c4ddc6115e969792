import assert from "node:assert/strict";
import test from "node:test";
import { columnsOf, fieldsOf, parsedItems, textOf } from "./items.ts";

test("the fields of items come with every type that they have and the first example", () => {
  assert.deepEqual(
    fieldsOf([
      { a: null, b: { c: 1 } },
      { a: "x", d: [{ e: true }, { e: "y" }] },
    ]),
    [
      { path: "a", types: ["null", "string"], example: "x" },
      { path: "b", types: ["object"], example: "" },
      { path: "b.c", types: ["number"], example: "1" },
      { path: "d", types: ["list"], example: "" },
      { path: "d[]", types: ["object"], example: "" },
      { path: "d[].e", types: ["boolean", "string"], example: "true" },
    ],
  );
});

test("values are told as short texts", () => {
  assert.deepEqual([null, undefined, 0, false, "a", [1]].map(textOf), ["", "", "0", "false", "a", "[1]"]);
});

test("items are one object or a list of objects, and nothing else", () => {
  assert.deepEqual(parsedItems('{"a": 1}'), [{ a: 1 }]);
  assert.deepEqual(parsedItems("[]"), []);
  for (const text of ["", "1", "[1]", "null", "[null]", "[[]]", "{"]) assert.equal(parsedItems(text), null, text);
});

test("fields that a step made or changed come first, those that Towpath fills in last, and empty ones not at all", () => {
  const before = [{ id: "1", name: "Ada", score: 7 }];
  const items = [{ id: "1", name: "Ada", empty: null, score: 8, points: 14 }];
  assert.deepEqual(columnsOf(items, before), ["score", "points", "name", "id"]);
  assert.deepEqual(columnsOf(items), ["name", "score", "points", "id"]);
});
