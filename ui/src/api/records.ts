/** Records: pages of them by condition and order, one with its history, changes. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { FieldChangeRow } from "./generated";
import { getHistory, getRecord, queryRecords } from "./generated";
import type { ObjectSchema } from "./objects";

export type RecordRow = Record<string, unknown> & { id: string };
export type { FieldChangeRow };
export const PAGE = 200;

export interface Asked {
  where?: string | Condition;
  order?: string[];
  fields?: string[];
}

export interface Answer {
  records: RecordRow[];
  total: number | null;
}

export async function page(
  object: string,
  asked: Asked,
  offset: number,
  limit: number,
  count: boolean,
): Promise<Answer> {
  const where = (asked.where || null) as string | Record<string, unknown> | null;
  const body = { where, order: asked.order ?? [], fields: asked.fields, limit, offset, count };
  return (await queryRecords({ path: { object }, body, throwOnError: true })) as unknown as Answer;
}

export const recordsQuery = (object: string, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ["records", object, asked],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => page(object, asked, pageParam, PAGE, pageParam === 0),
    getNextPageParam: (last, pages) => (last.records.length < PAGE ? undefined : pages.length * PAGE),
  });

export const recordQuery = (object: string, record: string) =>
  queryOptions({
    queryKey: ["record", object, record],
    queryFn: async () => (await getRecord({ path: { object, record }, throwOnError: true })) as unknown as RecordRow,
  });

export const historyQuery = (object: string, record: string) =>
  queryOptions({
    queryKey: ["history", object, record],
    queryFn: async () =>
      (await getHistory({ path: { object, record }, throwOnError: true })) as unknown as FieldChangeRow[],
  });

export type Condition =
  | { field: string; operator: string; value?: unknown }
  | { all: Condition[] }
  | { any: Condition[] };

/** A condition for records whose name, company or address has the text in it, whatever its case. */
export function like(object: ObjectSchema, text: string): Condition | undefined {
  const names = ["name", "firstName", "lastName", "company", "email", "subject"];
  const fields = names.filter((name) => object.fields.some((field) => field.name === name));
  const typed = text.trim();
  if (!typed || !fields.length) return undefined;
  return { any: fields.flatMap((field) => ways(typed).map((value) => ({ field, operator: "contains", value }))) };
}

/** A text as typed, with capitals, and in small letters: what people mean who do not mind the case. */
export function ways(text: string): string[] {
  const typed = text.trim();
  const capital = typed.replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
  return [...new Set([typed, capital, typed.toLowerCase()])];
}

export function nameOf(object: ObjectSchema | undefined, record: RecordRow): string {
  const name = record[object?.name_field ?? "name"];
  const person = [record.firstName, record.lastName].filter(Boolean).join(" ");
  return String(person || name || record.subject || record.email || record.company || record.externalId || record.id);
}

export interface Found {
  object: string;
  id: string;
  name: string;
  note: string;
}

const SEARCHED = ["Lead", "Account", "Contact", "Deal", "Case"];

export async function searchRecords(objects: ObjectSchema[], text: string): Promise<Found[]> {
  const kinds = objects.filter((object) => SEARCHED.includes(object.name) || object.custom);
  const found = await Promise.all(
    kinds.map(async (object) => {
      const where = like(object, text);
      if (!where) return [];
      const { records } = await page(object.name, { where }, 0, 5, false);
      return records.map((record) => ({
        object: object.name,
        id: record.id,
        name: nameOf(object, record),
        note: String(record.email ?? record.company ?? record.status ?? record.stage ?? object.label),
      }));
    }),
  );
  return found.flat();
}

const MOST = 50_000;

/** All records that match, a thousand at a time; what a browser can hold as a file. */
export async function everyRecord(object: string, asked: Asked): Promise<RecordRow[]> {
  const found: RecordRow[] = [];
  while (found.length < MOST) {
    const { records } = await page(object, asked, found.length, 1000, false);
    found.push(...records);
    if (records.length < 1000) break;
  }
  return found;
}
