/** Workflows, their versions and drafts. */
import { queryOptions } from "@tanstack/react-query";
import type { Definition } from "./definition";
import type { VersionRow, WorkflowAnswer, WorkflowRow } from "./generated";
import { getWorkflow, listVersions, listWorkflows } from "./generated";

export type { Definition as DefinitionOf, VersionRow, WorkflowRow };

export const workflowsQuery = queryOptions({
  queryKey: ["workflows"],
  queryFn: async () => (await listWorkflows({ throwOnError: true })) as unknown as WorkflowRow[],
});

export const workflowQuery = (workflow: string, version?: number) =>
  queryOptions({
    queryKey: ["workflow", workflow, version ?? "active"],
    queryFn: async () => {
      const answer = (await getWorkflow({
        path: { workflow },
        query: { version },
        throwOnError: true,
      })) as unknown as WorkflowAnswer;
      return answer.definition as unknown as Definition;
    },
  });

export const versionsQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["versions", workflow],
    queryFn: async () => (await listVersions({ path: { workflow }, throwOnError: true })) as unknown as VersionRow[],
  });
