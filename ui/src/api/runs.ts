/** Runs: lists, counts, one with all that is known about it. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { RunAnswer, RunRow, StepRow } from "./generated";
import { countRuns, getRun, listRuns } from "./generated";

export type { RunAnswer, RunRow, StepRow };

const PAGE = 100;

export interface RunsAsked {
  workflow?: string;
  status?: string;
  record?: string;
}

export const runsQuery = (asked: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ["runs", asked],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) =>
      (await listRuns({
        query: { ...asked, limit: PAGE, offset: pageParam },
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

export const runCountsQuery = queryOptions({
  queryKey: ["run-counts"],
  queryFn: async () => (await countRuns({ throwOnError: true })) as unknown as RunCounts,
});
