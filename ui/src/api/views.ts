/** Saved views of lists. */
import { queryOptions } from "@tanstack/react-query";
import type { ViewAnswer, ViewDocument } from "./generated";
import { listViews } from "./generated";

export type { ViewAnswer, ViewDocument };

export const viewsQuery = (object: string) =>
  queryOptions({
    queryKey: ["views", object],
    staleTime: 30_000,
    queryFn: async () => (await listViews({ query: { object }, throwOnError: true })) as unknown as ViewAnswer[],
  });
