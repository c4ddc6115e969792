/** People's work: the tasks that wait for somebody. */
import { queryOptions } from "@tanstack/react-query";
import { getInbox, listTasks, queryRecords } from "./generated";
import type { RecordRow } from "./records";

export interface TaskRow extends RecordRow {
  subject: string;
  kind: string;
  status: string;
  ownerId: string | null;
  teamId: string | null;
  dueAt: string | null;
  claimedAt: string | null;
  form: TaskForm | null;
  runId: string | null;
  workflow: string | null;
  relatedObject: string | null;
  relatedId: string | null;
  description: string | null;
}

export interface TaskForm {
  properties?: Record<string, { type?: string; title?: string; description?: string; enum?: string[] }>;
  required?: string[];
}

const OPEN = { field: "status", operator: "in", value: ["Open", "Claimed"] };

async function count(where: unknown): Promise<number> {
  const body = { where: where as Record<string, unknown>, limit: 0, count: true };
  const answer = (await queryRecords({ path: { object: "Task" }, body, throwOnError: true })) as unknown as {
    total: number;
  };
  return answer.total;
}

/** How many tasks are open, and how many of those are overdue. */
export const openTasksQuery = queryOptions({
  queryKey: ["tasks", "open"],
  queryFn: async () => {
    const late = { all: [OPEN, { field: "dueAt", operator: "<", value: new Date().toISOString() }] };
    const [total, overdue] = await Promise.all([count(OPEN), count(late)]);
    return { total, overdue };
  },
});

export interface Inbox {
  mine: TaskRow[];
  team: TaskRow[];
  queue: TaskRow[];
  role: TaskRow[];
}

/** What a person can do now: the own tasks, and those that wait for anybody of the team, queues or role. */
export const inboxQuery = (who: string) =>
  queryOptions({
    queryKey: ["tasks", "inbox", who],
    queryFn: async () =>
      (await getInbox({ path: { who }, query: { limit: 100 }, throwOnError: true })) as unknown as Inbox,
  });

export const tasksQuery = (owner?: string) =>
  queryOptions({
    queryKey: ["tasks", owner ?? "all"],
    queryFn: async () =>
      (await listTasks({ query: { owner, limit: 200 }, throwOnError: true })) as unknown as TaskRow[],
  });
