/** A workflow definition as it travels: its own JSON, nodes and edges as maps keyed by id. */

export type Position = { x: number; y: number };

export type FlowNode = {
  type: string;
  name?: string;
  version?: number;
  params?: Record<string, unknown>;
  lane?: string;
  connections?: string[];
  time_limit?: number | string;
  retry?: Record<string, unknown>;
  on_error?: "stop" | "continue" | "branch";
  units?: number;
  cost?: number;
  disabled?: boolean;
  notes?: string;
  position?: Position;
  pinned?: Record<string, unknown>[] | null;
};

export type FlowEdge = {
  source: string;
  target: string;
  source_port?: string;
  target_port?: string;
  label?: string;
  limit?: number;
};

export type Lane = { name: string; kind?: string; assignee?: string | null };

export type Definition = {
  format?: number;
  id?: string;
  name: string;
  description?: string;
  nodes: Record<string, FlowNode>;
  edges: Record<string, FlowEdge>;
  lanes?: Record<string, Lane>;
  measures?: Record<string, unknown>;
  settings?: Record<string, unknown>;
};
