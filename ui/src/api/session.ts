/** Who is signed in, and what they may do. */
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { setWord } from "./client";
import type { SessionAnswer } from "./generated";
import { getSession, signOut } from "./generated";
import { ProblemError } from "./problem";

export type Session = SessionAnswer;

/** The session, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = (await getSession({ throwOnError: true })) as unknown as Session;
      setWord(session.csrf);
      return session;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** The session of a page behind the sign-in. */
export function useSession(): Session {
  const session = useSuspenseQuery(sessionQuery).data;
  if (!session) throw new Error("this page is only for people who have signed in");
  return session;
}

/** Whether a permission such as `record:update` is held. The server decides; pages only leave out what it would refuse. */
export function useMay(): (permission: string) => boolean {
  const held = new Set(useSession().permissions);
  return (permission) => held.has(permission);
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => signOut({ throwOnError: true }),
    onSettled: () => {
      client.clear();
      location.assign("/app/sign-in");
    },
  });
}
