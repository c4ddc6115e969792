/** Workflows, their versions and drafts. */
import { queryOptions } from "@tanstack/react-query";
import type { VersionRow, WorkflowAnswer, WorkflowRow } from "./generated";
import { getWorkflow, listVersions, listWorkflows } from "./generated";

export type { VersionRow, WorkflowRow };

export const workflowsQuery = queryOptions({
  queryKey: ["workflows"],
  queryFn: async () => (await listWorkflows({ throwOnError: true })) as unknown as WorkflowRow[],
});

export interface NodeOf {
  type: string;
  name?: string;
  params?: Record<string, unknown>;
  position?: [number, number] | { x: number; y: number };
}

export interface DefinitionOf {
  id?: string;
  name: string;
  description?: string;
  nodes: Record<string, NodeOf>;
  edges: Record<string, { source: string; target: string; source_port?: string }>;
  settings?: Record<string, unknown>;
}

export const workflowQuery = (workflow: string, version?: number) =>
  queryOptions({
    queryKey: ["workflow", workflow, version ?? "active"],
    queryFn: async () => {
      const answer = (await getWorkflow({
        path: { workflow },
        query: { version },
        throwOnError: true,
      })) as unknown as WorkflowAnswer;
      return answer.definition as unknown as DefinitionOf;
    },
  });

export const versionsQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["versions", workflow],
    queryFn: async () => (await listVersions({ path: { workflow }, throwOnError: true })) as unknown as VersionRow[],
  });
