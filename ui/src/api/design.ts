/** What the designer asks the server: node types, problems with ports, drafts. */
import { queryOptions } from "@tanstack/react-query";
import type { Definition } from "./definition";
import type { CheckAnswer, DraftAnswer, NodeTypeRow, ProblemRow, PublishedAnswer, WorkflowAnswer } from "./generated";
import {
  checkWorkflow,
  discardDraft,
  getDraft,
  getWorkflow,
  listNodeTypes,
  publishDraft,
  saveDraft,
} from "./generated";
import { asProblem } from "./problem";

export type { CheckAnswer, NodeTypeRow, ProblemRow };

export const nodeTypesQuery = queryOptions({
  queryKey: ["node-types"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => {
    const rows = (await listNodeTypes({ throwOnError: true })) as unknown as NodeTypeRow[];
    return new Map(rows.map((row) => [row.name, row]));
  },
});

export async function check(definition: Definition): Promise<CheckAnswer> {
  return (await checkWorkflow({ body: plain(definition), throwOnError: true })) as unknown as CheckAnswer;
}

/** A draft as it is edited: `revision` 0 means that none is stored yet. */
export interface Draft {
  definition: Definition;
  revision: number;
  by?: string;
}

/** The stored draft, else the active version to begin one from. */
export async function openDraft(workflow: string): Promise<Draft> {
  try {
    const known = (await getWorkflow({ path: { workflow }, throwOnError: true })) as unknown as WorkflowAnswer;
    if (!known.has_draft) return { definition: known.definition as unknown as Definition, revision: 0 };
  } catch (error) {
    // A workflow that was never published may have a draft all the same.
    if (asProblem(error).status !== 404) throw error;
  }
  return storedDraft(workflow);
}

export async function storedDraft(workflow: string): Promise<Draft> {
  const draft = (await getDraft({ path: { workflow }, throwOnError: true })) as unknown as DraftAnswer;
  return { definition: draft.definition as unknown as Definition, revision: draft.revision, by: draft.who };
}

export async function keepDraft(workflow: string, definition: Definition, revision: number): Promise<number> {
  const body = { definition: plain(definition), revision };
  const draft = (await saveDraft({ path: { workflow }, body, throwOnError: true })) as unknown as DraftAnswer;
  return draft.revision;
}

export async function publish(workflow: string, revision: number): Promise<PublishedAnswer> {
  const body = { revision, activate: true };
  return (await publishDraft({ path: { workflow }, body, throwOnError: true })) as unknown as PublishedAnswer;
}

export async function dropDraft(workflow: string, revision: number): Promise<void> {
  await discardDraft({ path: { workflow }, query: { revision }, throwOnError: true });
}

function plain(definition: Definition): { [key: string]: unknown } {
  return definition as unknown as { [key: string]: unknown };
}
