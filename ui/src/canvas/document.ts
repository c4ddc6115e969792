/** The workflow as the designer holds it: the definition's own JSON, nodes and edges as maps keyed by id. */

import type { Definition, FlowEdge, FlowNode, Lane, Position } from "@/api/definition";

export type { Definition, FlowEdge, FlowNode, Lane, Position };

/** An output port of a node, or an input port: where an edge begins or ends. */
export type End = { node: string; port: string };

export const OUT = "out";
export const IN = "in";
export const GRID = 20;
export const CARD = { width: 220, height: 72 };

export function emptyDefinition(name: string): Definition {
  return { format: 1, name, nodes: {}, edges: {} };
}

export const sourceEnd = (edge: FlowEdge): End => ({ node: edge.source, port: edge.source_port ?? OUT });
export const targetEnd = (edge: FlowEdge): End => ({ node: edge.target, port: edge.target_port ?? IN });

export function makeEdge(source: End, target: End, more: Partial<FlowEdge> = {}): FlowEdge {
  return {
    ...more,
    source: source.node,
    target: target.node,
    ...(source.port === OUT ? {} : { source_port: source.port }),
    ...(target.port === IN ? {} : { target_port: target.port }),
  };
}

export function nodeName(definition: Definition, id: string): string {
  return definition.nodes[id]?.name || id;
}

/** The first of `base`, `base2`, `base3` ... that is not taken. */
export function fresh(base: string, taken: (candidate: string) => boolean, separator = ""): string {
  if (!taken(base)) return base;
  for (let number = 2; ; number++) {
    const candidate = `${base}${separator}${number}`;
    if (!taken(candidate)) return candidate;
  }
}

export function freshEdgeId(definition: Definition): string {
  return fresh("e", (id) => id === "e" || id in definition.edges);
}

/** An id made of a node type's last word: `crm.update` gives `update`, the next one `update2`. */
export function freshNodeId(definition: Definition, type: string): string {
  const base = (type.split(".").pop() ?? "node").replace(/[^A-Za-z0-9_]/g, "_") || "node";
  return fresh(base, (id) => id in definition.nodes);
}

export function freshName(definition: Definition, base: string, except?: string): string {
  const taken = new Set(
    Object.entries(definition.nodes).flatMap(([id, node]) => (id === except ? [] : [id, node.name ?? id])),
  );
  return fresh(base, (name) => taken.has(name), " ");
}

export function snapped(position: Position): Position {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

export function positionOf(node: FlowNode | undefined): Position {
  return { x: node?.position?.x ?? 0, y: node?.position?.y ?? 0 };
}
