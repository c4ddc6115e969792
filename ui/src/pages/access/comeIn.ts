import type { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { sessionQuery } from "@/api/session";

/** After signing in: forget what was seen before, learn who is here, and go where they wanted. */
export async function comeIn(queries: QueryClient, router: AnyRouter, to?: string): Promise<void> {
  const here = ["enter", "invited"]; // what this page itself has asked
  queries.removeQueries({ predicate: (query) => !here.includes(String(query.queryKey[0])) });
  await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
  const inside = to?.startsWith("/") && !to.startsWith("//") ? to : "/";
  router.history.push(`/app${inside}`);
}
