/** Records that may be one, and what becomes of them when they are made one. */
import { queryOptions } from "@tanstack/react-query";
import type { MergeAnswer, MergeBody, PairRow } from "./generated";
import { listDuplicates, mergeRecords } from "./generated";

export type { MergeAnswer, PairRow };

export const pairsQuery = (object: string, record: string) =>
  queryOptions({
    queryKey: ["duplicates", object, record],
    queryFn: async () =>
      (await listDuplicates({ query: { object, record, limit: 20 }, throwOnError: true })) as unknown as PairRow[],
  });

export async function merge(object: string, body: MergeBody): Promise<MergeAnswer> {
  return (await mergeRecords({ path: { object }, body, throwOnError: true })) as unknown as MergeAnswer;
}
