/** Guided stages: where a record stands, which ways lead on, and why workflows start on it or not. */
import { queryOptions } from "@tanstack/react-query";
import type { WhyAnswer } from "./generated";
import { listDefinitions, listTransitions, why } from "./generated";

export type { WhyAnswer };

export interface Way {
  name: string;
  to: string;
  may: boolean;
  met: boolean;
  reason: string | null;
  automatic: boolean;
  asks: {
    required?: string[];
    optional?: string[];
    note?: boolean;
    files?: number;
    checklist?: string[];
    message?: string;
  };
}

export interface Standing {
  blueprint: string;
  field: string;
  state: string;
  since: string;
  transitions: Way[];
}

interface Definition {
  name: string;
  document: { object?: string; criteria?: unknown };
}

/** The objects that some blueprint guides: only their records are asked where they stand. */
export const guidedQuery = queryOptions({
  queryKey: ["blueprints"],
  staleTime: 60_000,
  queryFn: async () => {
    const found = (await listDefinitions({
      query: { kind: "blueprint" },
      throwOnError: true,
    })) as unknown as Definition[];
    return found.map((each) => each.document?.object).filter((each): each is string => !!each);
  },
});

export const standingQuery = (object: string, record: string, who?: string) =>
  queryOptions({
    queryKey: ["standing", object, record, who ?? ""],
    retry: false,
    queryFn: async () =>
      (await listTransitions({ path: { object, record }, query: { who }, throwOnError: true })) as unknown as Standing,
  });

export const whyQuery = (workflow: string, record: string) =>
  queryOptions({
    queryKey: ["why", workflow, record],
    retry: false,
    queryFn: async () => (await why({ path: { workflow, record }, throwOnError: true })) as unknown as WhyAnswer,
  });
