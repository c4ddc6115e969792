/** Figures of workflows and steps, with the raw values that they are made of. */
import { queryOptions } from "@tanstack/react-query";
import type { BarRow, DailyRow } from "./generated";
import { dailyMetrics, overviewMetrics, peopleMetrics, spreadMetrics, workflowMetrics } from "./generated";
import { page } from "./records";

export type { BarRow, DailyRow };

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

/** Runs that began in the period: how many reached a node, and of those whose last step was here how they stand. */
export interface NodeFunnel {
  reached: number;
  finished: number;
  dropped: number;
  standing: number;
  drop_off: number;
}

export interface Metrics {
  workflow: string;
  name: string;
  version: number;
  figures: Figures;
  steps: Record<string, Figures & { name: string }>;
  funnel: Record<string, NodeFunnel>;
  measures?: Record<string, { name: string; kind: string; value: number | null; counted: number; base: number }>;
  slowest: string | null;
  as_of: string;
  waiting: { actor: string; who: string; open: number; oldest: number; overdue?: number }[];
  near_limits: {
    kind: "run" | "step";
    run: string;
    node: string | null;
    elapsed: number;
    allowed: number;
    value: number;
  }[];
}

/** What an overview shows of a workflow. */
export interface Headline {
  workflow: string;
  name: string;
  figures: Pick<Figures, "counts" | "time_used" | "efficiency" | "cost" | "open">;
  as_of: string;
}

/** All active workflows in one answer. */
export const overviewQuery = queryOptions({
  queryKey: ["metrics"],
  staleTime: 30_000,
  queryFn: async () => (await overviewMetrics({ throwOnError: true })) as unknown as Headline[],
});

/** Whole hours, so that the server can keep results. */
function sinceOf(days: number | undefined): string | undefined {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return days ? new Date(hour - days * 86_400_000).toISOString() : undefined;
}

export const metricsQuery = (workflow: string, days?: number) =>
  queryOptions({
    queryKey: ["metrics", workflow, days ?? "all"],
    staleTime: 30_000,
    queryFn: async () => {
      return (await workflowMetrics({
        path: { workflow },
        query: { since: sinceOf(days) },
        throwOnError: true,
      })) as unknown as Metrics;
    },
  });

/** The last days of a workflow, by the reader's calendar. */
export const dailyQuery = (workflow: string, days: number) =>
  queryOptions({
    queryKey: ["daily", workflow, days],
    staleTime: 30_000,
    queryFn: async () => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      return (await dailyMetrics({
        path: { workflow },
        query: { days, zone },
        throwOnError: true,
      })) as unknown as DailyRow[];
    },
  });

/** Bars: completed runs by what they took, open ones by their age. */
export const spreadQuery = (workflow: string, days?: number) =>
  queryOptions({
    queryKey: ["metrics", workflow, "spread", days ?? "all"],
    staleTime: 30_000,
    queryFn: async () =>
      (await spreadMetrics({
        path: { workflow },
        query: { since: sinceOf(days) },
        throwOnError: true,
      })) as unknown as { took: BarRow[]; age: BarRow[] },
  });

export interface PeopleFigures {
  steps_done: number;
  efficiency: Figures["efficiency"];
  cost: Pick<Figures["cost"], "actual_cost">;
  hours_by_person: Record<string, number>;
}

/** What a person or team did, over all workflows. */
export const peopleQuery = (who: string, days?: number) =>
  queryOptions({
    queryKey: ["metrics", "people", who, days ?? "all"],
    staleTime: 30_000,
    queryFn: async () =>
      (await peopleMetrics({
        path: { who },
        query: { since: sinceOf(days) },
        throwOnError: true,
      })) as unknown as PeopleFigures,
  });

export const teamsQuery = queryOptions({
  queryKey: ["records", "Team", "names"],
  queryFn: async () =>
    (await page("Team", { order: ["name"] }, 0, 200, false)).records.map((row) => ({
      id: row.id,
      name: String(row.name),
    })),
});

/** Names of people by the id of their record. */
export const usersByIdQuery = queryOptions({
  queryKey: ["records", "User", "names"],
  queryFn: async () => {
    const rows = (await page("User", { fields: ["id", "name"] }, 0, 1000, false)).records;
    return Object.fromEntries(rows.map((row) => [row.id, String(row.name ?? row.id)])) as Record<string, string>;
  },
});
