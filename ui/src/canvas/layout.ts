/** Tidying up: nodes in columns from left to right, branches from top to bottom. Only when asked, and undoable. */

import { move } from "./commands.ts";
import { CARD, type Definition, type Position, positionOf, snapped } from "./document.ts";

/** The definition as it can be drawn: one without any places, as when it was written by hand, is laid out. */
export async function placed(definition: Definition): Promise<Definition> {
  const ids = Object.keys(definition.nodes);
  const places = new Set(ids.map((id) => JSON.stringify(positionOf(definition.nodes[id]))));
  return ids.length > 1 && places.size === 1 ? move(definition, await tidied(definition)) : definition;
}

/** New places for all nodes; those that hang together keep their upper left corner. */
export async function tidied(definition: Definition): Promise<Record<string, Position>> {
  const { default: dagre } = await import("@dagrejs/dagre");
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 48, ranksep: 96, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ordered = Object.keys(definition.nodes).sort((one, other) => byPlace(definition, one, other));
  for (const id of ordered) graph.setNode(id, { width: CARD.width, height: CARD.height });
  for (const [id, edge] of Object.entries(definition.edges)) {
    if (edge.source in definition.nodes && edge.target in definition.nodes) {
      graph.setEdge(edge.source, edge.target, {}, id);
    }
  }
  dagre.layout(graph);
  return Object.fromEntries(
    ordered.map((id) => {
      const { x, y } = graph.node(id) as Position;
      return [id, snapped({ x: x - CARD.width / 2, y: y - CARD.height / 2 })];
    }),
  );
}

function byPlace(definition: Definition, one: string, other: string): number {
  const a = positionOf(definition.nodes[one]);
  const b = positionOf(definition.nodes[other]);
  return a.y - b.y || a.x - b.x;
}
