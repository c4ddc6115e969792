/** What two definitions of one workflow differ in, told by node and field; places on the canvas do not count. */
import type { Definition } from "./document.ts";

export interface Difference {
  id: string;
  name: string;
  kind: "node" | "edge" | "workflow";
  only: "mine" | "theirs" | null; // it is there on one side alone
  fields: { path: string; mine: unknown; theirs: unknown }[];
}

type Fields = Record<string, unknown>;
const OF_WORKFLOW = ["name", "description", "settings", "lanes", "measures"] as const;

export function compare(mine: Definition, theirs: Definition): Difference[] {
  const whole = differing(parts(mine), parts(theirs));
  return [
    ...(whole.length ? [{ id: "", name: mine.name, kind: "workflow" as const, only: null, fields: whole }] : []),
    ...each("node", mine.nodes, theirs.nodes, (id) => mine.nodes[id]?.name ?? theirs.nodes[id]?.name ?? id),
    ...each("edge", mine.edges, theirs.edges, (id) => ends(id in mine.edges ? mine : theirs, id)),
  ];
}

function parts(definition: Definition): Fields {
  return Object.fromEntries(OF_WORKFLOW.map((name) => [name, definition[name]]));
}

function ends(definition: Definition, id: string): string {
  const edge = definition.edges[id];
  const name = (node: string | undefined) => (node && definition.nodes[node]?.name) || node || "?";
  return `${name(edge?.source)} → ${name(edge?.target)}`;
}

function each<Part extends object>(
  kind: "node" | "edge",
  mine: Record<string, Part>,
  theirs: Record<string, Part>,
  name: (id: string) => string,
): Difference[] {
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    .map((id) => {
      const [one, other] = [mine[id], theirs[id]];
      const only = !other ? ("mine" as const) : !one ? ("theirs" as const) : null;
      const fields = only ? [] : differing({ ...one, position: undefined }, { ...other, position: undefined });
      return { id, name: name(id), kind, only, fields };
    })
    .filter((found) => found.only || found.fields.length);
}

/** The fields that differ, down to the parameter: `params.text`. */
function differing(mine: Fields, theirs: Fields, before = ""): Difference["fields"] {
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].flatMap((name) => {
    const [one, other, path] = [mine[name], theirs[name], before + name];
    if (same(one, other)) return [];
    if (isFields(one ?? {}) && isFields(other ?? {}))
      return differing((one ?? {}) as Fields, (other ?? {}) as Fields, `${path}.`);
    return [{ path, mine: one, theirs: other }];
  });
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of the keys. */
function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, place) => same(value, other[place]));
  if (!isFields(one) || !isFields(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same(one[name], other[name]));
}
