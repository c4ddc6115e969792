/** Names for programs, made from what people call a thing: `Site visit` is `SiteVisit` as an object, `siteVisit` as a field. */
export const NAME = "[A-Za-z][A-Za-z0-9_]{0,62}";

const words = (label: string) => label.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
const upper = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const begun = (name: string) => name.replace(/^[0-9_]+/, "").slice(0, 63);

export function objectName(label: string): string {
  return begun(words(label).map(upper).join(""));
}

export function fieldName(label: string): string {
  const [first = "", ...rest] = words(label);
  return begun(first.toLowerCase() + rest.map(upper).join(""));
}

/** Choices as they are written: one on each line. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").flatMap((line) => line.trim() || []))];
}
