/** What asks for one's attention, and small things that are kept for oneself. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NotificationRow } from "./generated";
import { listNotifications, listPreferences, markNotificationsRead, setPreference } from "./generated";

export type { NotificationRow };

export const notificationsQuery = queryOptions({
  queryKey: ["notifications"],
  queryFn: async () => (await listNotifications({ throwOnError: true })) as unknown as NotificationRow[],
});

/** Marks some as read, or all; shown at once. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | null) => markNotificationsRead({ body: { ids }, throwOnError: true }),
    onMutate: (ids) =>
      queries.setQueryData(notificationsQuery.queryKey, (rows) =>
        rows?.map((row) => (!ids || ids.includes(row.id) ? { ...row, unread: false } : row)),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  });
}

const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await listPreferences({ throwOnError: true })) as unknown as Record<string, unknown>,
});

/** A value that is kept for the reader, undefined until it is known; and how to change it. */
export function usePreference(name: string): [value: unknown, set: (value: string | null) => void] {
  const queries = useQueryClient();
  const kept = useQuery(preferencesQuery).data;
  const change = useMutation({
    mutationFn: (value: string | null) => setPreference({ path: { name }, body: { value }, throwOnError: true }),
    onMutate: (value) => queries.setQueryData(preferencesQuery.queryKey, (all) => ({ ...all, [name]: value })),
    onError: () => queries.invalidateQueries({ queryKey: preferencesQuery.queryKey }),
  });
  return [kept && (kept[name] ?? null), change.mutate];
}
