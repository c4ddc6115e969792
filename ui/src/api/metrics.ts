/** Figures of workflows and steps, with the raw values that they are made of. */
import { queryOptions } from "@tanstack/react-query";
import { workflowMetrics } from "./generated";

export interface TimeUsed {
  value: number | null;
  elapsed_with_limit: number;
  allowed: number;
  level: "green" | "amber" | "red" | null;
  counted: number;
  without_limit: number;
  on_time: number;
  on_time_rate: number | null;
  median: number | null;
  p90: number | null;
  reason: string | null;
}

export interface Figures {
  counts: Record<string, number>;
  time_used: TimeUsed;
  efficiency: { value: number | null; work: number; labour_hours: number; reason: string | null };
  cost: {
    actual_cost: number;
    labour_cost: number;
    tool_cost: number;
    labour_hours: number;
    cost_per_unit: number | null;
    standard_cost: number | null;
    variance: number | null;
    reason: string | null;
    productivity: { value: number; unit: string; source: string } | null;
  };
  flow: { value: number | null; touch: number; elapsed: number; waiting: number };
  open: { open: number; oldest: number | null; overdue: number };
}

export interface Metrics {
  workflow: string;
  name: string;
  version: number;
  figures: Figures;
  steps: Record<string, Figures & { name: string }>;
  measures?: Record<string, { name: string; kind: string; value: number | null; counted: number; base: number }>;
  slowest: string | null;
  waiting: { actor: string; who: string; open: number; oldest: number; overdue?: number }[];
}

export const metricsQuery = (workflow: string, days?: number) =>
  queryOptions({
    queryKey: ["metrics", workflow, days ?? "all"],
    staleTime: 30_000,
    queryFn: async () => {
      const since = days ? new Date(Date.now() - days * 86_400_000).toISOString() : undefined;
      return (await workflowMetrics({
        path: { workflow },
        query: { since },
        throwOnError: true,
      })) as unknown as Metrics;
    },
  });
