/** What items are made of: their fields with types and an example, and values as short texts. */

type Item = Record<string, unknown>;

export interface Field {
  path: string;
  types: string[];
  example: string;
}

/** Every field of the items by its path, in the order in which they are met; list elements share one path. */
export function fieldsOf(items: readonly Item[]): Field[] {
  const found = new Map<string, Field>();
  for (const item of items) for (const [name, value] of Object.entries(item)) note(found, name, value);
  return [...found.values()];
}

function note(found: Map<string, Field>, path: string, value: unknown): void {
  const field = found.get(path) ?? { path, types: [], example: "" };
  found.set(path, field);
  const type = typeOf(value);
  if (!field.types.includes(type)) field.types.push(type);
  if (Array.isArray(value)) for (const element of value) note(found, `${path}[]`, element);
  else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) note(found, `${path}.${name}`, inner);
  } else field.example ||= textOf(value);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

const KEPT_BY_US = new Set(["id", "createdAt", "updatedAt"]);

/** The fields that have a value in some item: what is new or differs from `before` first, what nobody fills in last. */
export function columnsOf(items: readonly Item[], before: readonly Item[] = []): string[] {
  const names = new Set(items.flatMap((item) => Object.keys(item).filter((name) => textOf(item[name]) !== "")));
  const rank = (name: string) => {
    if (KEPT_BY_US.has(name)) return 2;
    return before.length && items.some((item, place) => textOf(item[name]) !== textOf(before[place]?.[name])) ? 0 : 1;
  };
  return [...names].sort((one, other) => rank(one) - rank(other));
}

export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Items written as JSON, one object or a list of them; null where the text is something else. */
export function parsedItems(text: string): Item[] | null {
  try {
    const value: unknown = JSON.parse(text);
    const items = Array.isArray(value) ? value : [value];
    return items.every((item) => typeOf(item) === "object") ? items : null;
  } catch {
    return null;
  }
}
