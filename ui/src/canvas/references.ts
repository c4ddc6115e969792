/** Expressions call other nodes by name: `$('Score')`, `$node["Score"]`, `$items('Score')`. A rename follows them. */

const CALL = /(\$(?:items)?\(\s*|\$node\[\s*)(["'])((?:\\.|(?!\2).)*)\2/g;

/** The value with every call of an old name changed, however deep it stands. Values without one are the same objects. */
export function renamedReferences(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return renamedIn(value, names);
  if (Array.isArray(value)) return value.map((each) => renamedReferences(each, names));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamedReferences(each, names)]));
  }
  return value;
}

function renamedIn(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(CALL, (whole, before: string, quote: string, written: string) => {
    const name = names.get(written.replace(/\\(.)/g, "$1"));
    return name === undefined ? whole : `${before}${quote}${escaped(name, quote)}${quote}`;
  });
}

function escaped(name: string, quote: string): string {
  return name.replace(/\\/g, "\\\\").replaceAll(quote, `\\${quote}`);
}
