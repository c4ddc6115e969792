/** People who may sign in, one's own sessions and tokens, the audit log. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AccountRow, AuditRow, OpenSession, TokenRow } from "./generated";
import { listAudit, listSessions, listTokens, listUsers } from "./generated";

export type { AccountRow, AuditRow, OpenSession, TokenRow };
export const ROLES = ["owner", "admin", "designer", "agent", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: async () => (await listUsers({ throwOnError: true })) as unknown as AccountRow[],
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async () => (await listSessions({ throwOnError: true })) as unknown as OpenSession[],
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async () => (await listTokens({ throwOnError: true })) as unknown as TokenRow[],
});

const PAGE = 100;

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  initialPageParam: undefined as number | undefined,
  queryFn: async ({ pageParam }) =>
    (await listAudit({ query: { before: pageParam, limit: PAGE }, throwOnError: true })) as unknown as AuditRow[],
  getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.sequence),
});
