/** What one does to a workflow in the designer: pure functions from one definition to the next. */

import {
  CARD,
  type Definition,
  type End,
  type FlowNode,
  freshEdgeId,
  freshName,
  freshNodeId,
  IN,
  makeEdge,
  nodeName,
  OUT,
  type Position,
  positionOf,
  snapped,
  sourceEnd,
  targetEnd,
} from "./document.ts";
import { renamedReferences } from "./references.ts";

export type NewNode = {
  type: string;
  title: string;
  params?: Record<string, unknown>;
  input?: string;
  output?: string;
};
export type Made = { definition: Definition; id: string };

const GAP = { x: CARD.width + 60, y: CARD.height + 48 };

/** Adds a node where nothing else stands. `input` and `output` of the new node may be null for triggers and ends. */
export function addNode(definition: Definition, made: NewNode, wanted: Position): Made {
  const id = freshNodeId(definition, made.type);
  const node: FlowNode = {
    type: made.type,
    name: freshName(definition, made.title),
    position: free(definition, wanted),
  };
  if (made.params && Object.keys(made.params).length) node.params = made.params;
  return { definition: { ...definition, nodes: { ...definition.nodes, [id]: node } }, id };
}

/** Adds a node behind an output and joins the two. */
export function appendNode(definition: Definition, made: NewNode, after: End): Made {
  const from = positionOf(definition.nodes[after.node]);
  const branches = Object.values(definition.edges).filter((edge) => edge.source === after.node).length;
  const next = addNode(definition, made, { x: from.x + GAP.x, y: from.y + branches * GAP.y });
  return { ...next, definition: connect(next.definition, after, { node: next.id, port: made.input ?? IN }) };
}

/** Puts a node into an edge: what stood behind it goes on behind the new node. */
export function insertOnEdge(definition: Definition, made: NewNode, edgeId: string): Made {
  const edge = definition.edges[edgeId];
  if (!edge) return addNode(definition, made, { x: 0, y: 0 });
  const from = positionOf(definition.nodes[edge.source]);
  const to = positionOf(definition.nodes[edge.target]);
  const room = pushedRight(definition, edge.target, from.x + 2 * GAP.x - to.x);
  const next = addNode(room, made, { x: from.x + GAP.x, y: to.y });
  const { [edgeId]: _, ...others } = next.definition.edges;
  const into = makeEdge(
    sourceEnd(edge),
    { node: next.id, port: made.input ?? IN },
    { ...edge, target_port: undefined },
  );
  const joined = { ...next.definition, edges: { ...others, [edgeId]: withoutEmpty(into) } };
  return { id: next.id, definition: connect(joined, { node: next.id, port: made.output ?? OUT }, targetEnd(edge)) };
}

/** Joins an output to an input; what is joined already stays as it is, and nothing is joined to itself. */
export function connect(definition: Definition, source: End, target: End): Definition {
  const same = Object.values(definition.edges).some(
    (edge) => equal(sourceEnd(edge), source) && equal(targetEnd(edge), target),
  );
  if (same || source.node === target.node || !definition.nodes[source.node] || !definition.nodes[target.node]) {
    return definition;
  }
  return { ...definition, edges: { ...definition.edges, [freshEdgeId(definition)]: makeEdge(source, target) } };
}

/** Takes nodes and edges away. A single node in a straight line leaves no gap: its neighbours are joined. */
export function remove(definition: Definition, nodeIds: readonly string[], edgeIds: readonly string[]): Definition {
  const gone = new Set(nodeIds);
  const edges = Object.entries(definition.edges).filter(([id]) => !edgeIds.includes(id));
  const nodes = Object.fromEntries(Object.entries(definition.nodes).filter(([id]) => !gone.has(id)));
  const kept = edges.filter(([, edge]) => !gone.has(edge.source) && !gone.has(edge.target));
  const next = { ...definition, nodes, edges: Object.fromEntries(kept) };
  const [only] = nodeIds;
  if (nodeIds.length !== 1 || edgeIds.length || only === undefined) return next;
  const into = edges.filter(([, edge]) => edge.target === only);
  const out = edges.filter(([, edge]) => edge.source === only);
  const [before] = into;
  const [after] = out;
  if (into.length !== 1 || out.length !== 1 || !before || !after) return next;
  return connect(next, sourceEnd(before[1]), targetEnd(after[1]));
}

/** Copies nodes, with the edges between them, a little to the side; the ids of the copies. */
export function duplicate(definition: Definition, ids: readonly string[]): { definition: Definition; ids: string[] } {
  return paste(definition, pick(definition, ids), { x: 40, y: 40 });
}

/** The part of a definition that these nodes make. */
export function pick(definition: Definition, ids: readonly string[]): Pick<Definition, "nodes" | "edges"> {
  const chosen = new Set(ids);
  const nodes = Object.fromEntries(Object.entries(definition.nodes).filter(([id]) => chosen.has(id)));
  const edges = Object.fromEntries(
    Object.entries(definition.edges).filter(([, edge]) => chosen.has(edge.source) && chosen.has(edge.target)),
  );
  return { nodes, edges };
}

/** Puts a part into a definition under fresh ids and names, moved by `offset`; references inside it follow. */
export function paste(
  definition: Definition,
  part: Pick<Definition, "nodes" | "edges">,
  offset: Position,
): { definition: Definition; ids: string[] } {
  let next = definition;
  const ids = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [old, node] of Object.entries(part.nodes)) {
    const id = old in next.nodes ? freshNodeId(next, node.type) : old;
    const name = freshName(next, node.name ?? old);
    ids.set(old, id);
    names.set(node.name ?? old, name);
    const { x, y } = positionOf(node);
    const copy = { ...node, name, position: snapped({ x: x + offset.x, y: y + offset.y }) };
    next = { ...next, nodes: { ...next.nodes, [id]: copy } };
  }
  for (const id of ids.values()) {
    const node = next.nodes[id];
    if (node?.params) {
      const params = renamedReferences(node.params, names) as Record<string, unknown>;
      next = { ...next, nodes: { ...next.nodes, [id]: { ...node, params } } };
    }
  }
  for (const edge of Object.values(part.edges)) {
    const source = ids.get(edge.source);
    const target = ids.get(edge.target);
    if (source && target) {
      const copy = { ...edge, source, target };
      next = { ...next, edges: { ...next.edges, [freshEdgeId(next)]: copy } };
    }
  }
  return { definition: next, ids: [...ids.values()] };
}

export function move(definition: Definition, places: Record<string, Position>): Definition {
  const nodes = { ...definition.nodes };
  for (const [id, place] of Object.entries(places)) {
    const node = nodes[id];
    if (node) nodes[id] = { ...node, position: { x: Math.round(place.x), y: Math.round(place.y) } };
  }
  return { ...definition, nodes };
}

/** Changes what is said of a node; an undefined value takes the field away, so that defaults stay unwritten. */
export function update(definition: Definition, id: string, change: Partial<FlowNode>): Definition {
  const node = definition.nodes[id];
  if (!node) return definition;
  return { ...definition, nodes: { ...definition.nodes, [id]: withoutEmpty({ ...node, ...change }) } };
}

/** Sets one parameter; undefined takes it away. */
export function setParam(definition: Definition, id: string, name: string, value: unknown): Definition {
  const { [name]: _, ...others } = definition.nodes[id]?.params ?? {};
  const params = value === undefined ? others : { ...others, [name]: value };
  return update(definition, id, { params: Object.keys(params).length ? params : undefined });
}

/** Gives a node another name; expressions that call it by the old one follow. */
export function rename(definition: Definition, id: string, wanted: string): Definition {
  const name = freshName(definition, wanted.trim() || id, id);
  const old = nodeName(definition, id);
  const renamed = update(definition, id, { name: name === id ? undefined : name });
  if (old === name) return renamed;
  const names = new Map([[old, name]]);
  const nodes = Object.fromEntries(
    Object.entries(renamed.nodes).map(([key, node]) => [
      key,
      node.params ? { ...node, params: renamedReferences(node.params, names) as Record<string, unknown> } : node,
    ]),
  );
  return { ...renamed, nodes };
}

export function updateEdge(
  definition: Definition,
  id: string,
  change: Partial<Definition["edges"][string]>,
): Definition {
  const edge = definition.edges[id];
  return edge
    ? { ...definition, edges: { ...definition.edges, [id]: withoutEmpty({ ...edge, ...change }) } }
    : definition;
}

function free(definition: Definition, wanted: Position): Position {
  const place = snapped(wanted);
  const clash = Object.values(definition.nodes).some((node) => {
    const { x, y } = positionOf(node);
    return Math.abs(x - place.x) < CARD.width && Math.abs(y - place.y) < CARD.height;
  });
  return clash ? free(definition, { x: place.x, y: place.y + GAP.y }) : place;
}

/** Moves a node and all that comes behind it to the right, to make room; cycles are followed once. */
function pushedRight(definition: Definition, start: string, by: number): Definition {
  if (by <= 0) return definition;
  const behind = new Set<string>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (behind.has(id)) continue;
    behind.add(id);
    queue.push(...Object.values(definition.edges).flatMap((edge) => (edge.source === id ? [edge.target] : [])));
  }
  const limit = positionOf(definition.nodes[start]).x;
  const moved = [...behind].filter((id) => positionOf(definition.nodes[id]).x >= limit);
  return move(
    definition,
    Object.fromEntries(
      moved.map((id) => {
        const { x, y } = positionOf(definition.nodes[id]);
        return [id, { x: x + by, y }];
      }),
    ),
  );
}

function equal(one: End, other: End): boolean {
  return one.node === other.node && one.port === other.port;
}

function withoutEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== "")) as T;
}
