/** Many records at once: change, delete, bring back; and how many there are by a choice. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { GroupRow, ManyAnswer, UpdateManyAnswer } from "./generated";
import { getGroups } from "./generated";
import { type Condition, page } from "./records";

export type { ManyAnswer, UpdateManyAnswer };

/** The most that the server changes in one request. */
export const MOST = 10_000;

/** Which records: those ticked, or all that match. */
export type Chosen = { ids: string[] } | { where: Condition | Condition[] };

type Body = { ids: string[] } | { where: { [key: string]: unknown } };
export const bodyOf = (chosen: Chosen): Body => chosen as unknown as Body;

export interface Group extends GroupRow {
  value: string | null;
}

export const groupsQuery = (object: string, by: string, where: Condition | undefined, sums: string[]) =>
  queryOptions({
    queryKey: ["groups", object, by, where, sums],
    placeholderData: (before: Group[] | undefined) => before,
    queryFn: async () => {
      const body = { by, where: (where ?? null) as unknown as { [key: string]: unknown } | null, sums };
      return (await getGroups({ path: { object }, body, throwOnError: true })) as unknown as Group[];
    },
  });

const CARDS = 30;

/** The records of one column of a board, a few at a time. */
export const columnQuery = (object: string, by: string, value: string | null, where?: Condition, order?: string[]) => {
  const mine: Condition = value === null ? { field: by, operator: "is_empty" } : { field: by, operator: "==", value };
  const asked = { where: where ? { all: [where, mine] } : mine, order };
  return infiniteQueryOptions({
    queryKey: ["records", object, "board", by, value, asked],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => page(object, asked, pageParam, CARDS, false),
    getNextPageParam: (last, pages) => (last.records.length < CARDS ? undefined : pages.length * CARDS),
  });
};
