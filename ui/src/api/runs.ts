/** Runs: lists, counts, one with all that is known about it. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { BulkRunsAnswer, RunAnswer, RunRow, StepRow } from "./generated";
import { changeRuns, countRuns, getRun, listRuns } from "./generated";

export type { RunAnswer, RunRow, StepRow };

const PAGE = 100;

export interface RunsAsked {
  workflow?: string;
  status?: string;
  record?: string;
  days?: number; // that began in the last so many
  day?: string; // that began on this day
  least?: number; // that took so many seconds or more
  under?: number; // and less than so many
  at?: string; // that stand at this node
}

/** Whether only some of a status are meant, which the counts by status cannot tell. */
export function narrowed({ least, under, at }: RunsAsked): boolean {
  return least !== undefined || under !== undefined || at !== undefined;
}

/** Whole hours, so that a list does not ask anew each time it is drawn. */
function began({ days, day }: RunsAsked): { since?: string; until?: string } {
  if (day) {
    const since = new Date(`${day}T00:00:00`); // by the reader's calendar, whose days may have 23 hours
    const until = new Date(since);
    until.setDate(since.getDate() + 1);
    return { since: since.toISOString(), until: until.toISOString() };
  }
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return days ? { since: new Date(hour - days * 86_400_000).toISOString() } : {};
}

export const runsQuery = ({ days, day, ...asked }: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ["runs", asked, days, day],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) =>
      (await listRuns({
        query: { ...asked, ...began({ days, day }), limit: PAGE, offset: pageParam },
        throwOnError: true,
      })) as unknown as RunRow[],
    getNextPageParam: (last, pages) => (last.length < PAGE ? undefined : pages.length * PAGE),
  });

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: async () => (await getRun({ path: { run }, throwOnError: true })) as unknown as RunAnswer,
  });

export type RunCounts = Record<string, Record<string, number>>;

export const countsQuery = ({ record, days, day }: Pick<RunsAsked, "record" | "days" | "day">) =>
  queryOptions({
    queryKey: ["run-counts", record, days, day],
    queryFn: async () =>
      (await countRuns({ query: { record, ...began({ days, day }) }, throwOnError: true })) as unknown as RunCounts,
  });

export const runCountsQuery = countsQuery({});

export type Deed = "retry" | "cancel";

/** Does it to the runs that are named, else to all that match, call by call until none is left. */
export async function doToRuns(deed: Deed, runs: string[] | null, asked: RunsAsked): Promise<BulkRunsAnswer> {
  const { workflow, record } = asked;
  const body = runs ? { deed, runs } : { deed, workflow, record, ...began(asked) };
  const total: BulkRunsAnswer = { done: 0, refused: [], next: "" };
  while (total.next !== null) {
    const part = (await changeRuns({
      body: { ...body, after: total.next },
      throwOnError: true,
    })) as unknown as BulkRunsAnswer;
    total.done += part.done;
    total.refused.push(...part.refused);
    total.next = part.next;
  }
  return total;
}
