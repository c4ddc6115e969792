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
}

/** Whole hours, so that a list does not ask anew each time it is drawn. */
function sinceOf(days: number | undefined): string | undefined {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return days ? new Date(hour - days * 86_400_000).toISOString() : undefined;
}

export const runsQuery = ({ days, ...asked }: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ["runs", asked, days],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) =>
      (await listRuns({
        query: { ...asked, since: sinceOf(days), limit: PAGE, offset: pageParam },
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

export const countsQuery = ({ record, days }: Pick<RunsAsked, "record" | "days">) =>
  queryOptions({
    queryKey: ["run-counts", record, days],
    queryFn: async () =>
      (await countRuns({ query: { record, since: sinceOf(days) }, throwOnError: true })) as unknown as RunCounts,
  });

export const runCountsQuery = countsQuery({});

export type Deed = "retry" | "cancel";

/** Does it to the runs that are named, else to all that match, call by call until none is left. */
export async function doToRuns(deed: Deed, runs: string[] | null, asked: RunsAsked): Promise<BulkRunsAnswer> {
  const { workflow, record, days } = asked;
  const body = runs ? { deed, runs } : { deed, workflow, record, since: sinceOf(days) };
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
