/** The conditions that a list is filtered by: which operators a field has, and what the server is asked. */
import type { FieldSchema, ObjectSchema } from "./objects";
import { type Condition, like, ways } from "./records";

export interface Filter {
  field: string;
  operator: string;
  value?: unknown;
}

export type Match = "all" | "any";

const EMPTY = ["is_empty", "is_not_empty"];
const TEXT = ["contains", "not_contains", "==", "!=", "starts_with", ...EMPTY];
const NUMBER = ["==", "!=", ">", ">=", "<", "<=", "between", ...EMPTY];
const TIME = [">=", "<", "between", ...EMPTY];
const OPERATORS: Record<string, string[]> = {
  number: NUMBER,
  integer: NUMBER,
  money: NUMBER,
  date: ["==", ...TIME],
  datetime: TIME,
  choice: ["in", "not_in", ...EMPTY],
  multi_choice: ["contains", "not_contains", ...EMPTY],
  reference: ["==", "!=", ...EMPTY],
  checkbox: ["=="],
  json: EMPTY,
};

export function operatorsOf(field: FieldSchema): string[] {
  return OPERATORS[field.type ?? "text"] ?? TEXT;
}

export const takesValue = (operator: string) => !EMPTY.includes(operator);
export const takesList = (operator: string) => operator === "in" || operator === "not_in";
export const takesTwo = (operator: string) => operator === "between";

/** Whether a condition says enough to be asked: one that is still being written leaves the list as it is. */
export function isWhole(filter: Filter): boolean {
  const { operator, value } = filter;
  if (!takesValue(operator)) return true;
  if (takesTwo(operator)) return Array.isArray(value) && value.length === 2 && value.every(isSaid);
  if (takesList(operator)) return Array.isArray(value) && value.length > 0;
  return isSaid(value);
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== "";

/** What the server is asked: the conditions joined, and the text that is looked for among names. */
export function whereOf(object: ObjectSchema, filters: Filter[], match: Match, text = ""): Condition | undefined {
  const asked = filters.filter(isWhole).flatMap((filter) => conditionOf(object, filter) ?? []);
  const joined: Condition[] = match === "any" && asked.length > 1 ? [{ any: asked }] : asked;
  const found = like(object, text);
  const all = found ? [...joined, found] : joined;
  return all.length > 1 ? { all } : all[0];
}

function conditionOf(object: ObjectSchema, filter: Filter): Condition | undefined {
  const field = object.fields.find((each) => each.name === filter.field);
  if (!field) return undefined;
  if (operatorsOf(field) === TEXT && ["contains", "not_contains", "starts_with"].includes(filter.operator)) {
    const parts = ways(String(filter.value)).map((value) => ({ ...filter, value }));
    return filter.operator === "not_contains" ? { all: parts } : { any: parts };
  }
  return filter;
}

/** The filters that an address or a saved view holds; what is none is left out. */
export function asFilters(value: unknown): Filter[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (each): each is Filter => !!each && typeof each.field === "string" && typeof each.operator === "string",
  );
}
