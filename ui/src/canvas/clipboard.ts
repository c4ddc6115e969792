/** Parts of workflows as text on the system clipboard: our own JSON, and n8n's, which the server translates. */

import type { Definition } from "./document.ts";

export type Part = Pick<Definition, "nodes" | "edges">;
export type Pasted = { kind: "part"; part: Part } | { kind: "n8n"; document: unknown } | { kind: "nothing" };

export function asText(part: Part): string {
  return JSON.stringify({ towpath: 1, nodes: part.nodes, edges: part.edges }, null, 2);
}

/** What a pasted text is; text that is no workflow is nothing, and never an error. */
export function fromText(text: string): Pasted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "nothing" };
  }
  if (!isObject(value)) return { kind: "nothing" };
  if (Array.isArray(value.nodes) && (isObject(value.connections) || value.nodes.some(isN8nNode))) {
    return { kind: "n8n", document: value };
  }
  if (isObject(value.nodes) && Object.values(value.nodes).every(isNode)) {
    const edges = isObject(value.edges) ? value.edges : {};
    return { kind: "part", part: { nodes: value.nodes, edges } as Part };
  }
  return { kind: "nothing" };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isNode(value: unknown): boolean {
  return isObject(value) && typeof value.type === "string";
}

function isN8nNode(value: unknown): boolean {
  return isNode(value) && typeof (value as { name?: unknown }).name === "string";
}
