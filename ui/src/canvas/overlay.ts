/** What is drawn over a workflow: which way a run took, or how many went where. */
import type { RunAnswer, StepRow } from "@/api/runs";
import type { TryoutAnswer } from "@/api/tryouts";
import { type Definition, type FlowEdge, OUT } from "./document.ts";

export type NodeState = "ok" | "failed" | "waiting" | "skipped" | "unreached";

export interface Mark {
  state?: NodeState;
  note?: string; // a few characters in the corner of the card
  drop?: string; // beside it: how many end here before their time
  label?: string; // the same in words
}

export interface Overlay {
  nodes: Readonly<Record<string, Mark>>;
  lit: ReadonlySet<string>; // edges
}

type Journey = Pick<RunAnswer, "steps" | "waiting_at" | "error"> & { summary: { status: string } };

/** A try-out as a journey: it stands where it would wait, or at the step that failed. */
export function asJourney(found: TryoutAnswer): Journey {
  const places = found.waiting_at.map((node) => ({ node })) as Journey["waiting_at"];
  return { steps: found.steps, waiting_at: places, error: found.error, summary: { status: found.status } };
}

/** A run's way: what became of each node, how often it was passed, and the edges that it went along. */
export function wayOf(definition: Definition, run: Journey): Overlay {
  const steps = new Map<string, StepRow[]>();
  for (const step of run.steps) steps.set(step.node, [...(steps.get(step.node) ?? []), step]);
  const standing = new Set(run.waiting_at.map((place) => place.node));
  const failed = run.summary.status === "failed" ? failedNode(run.error) : null;
  const nodes: Record<string, Mark> = {};
  for (const id of Object.keys(definition.nodes)) {
    const mine = steps.get(id) ?? [];
    const state = id === failed ? "failed" : standing.has(id) ? "waiting" : stateOf(mine);
    nodes[id] = { state, note: mine.length > 1 ? `${mine.length}×` : undefined };
  }
  const reached = new Set([...steps.keys(), ...standing]);
  const lit = Object.entries(definition.edges).filter(
    ([, edge]) => reached.has(edge.target) && (steps.get(edge.source) ?? []).some((step) => leftBy(step, edge)),
  );
  return { nodes, lit: new Set(lit.map(([id]) => id)) };
}

/** The node where a run failed, as its error tells. */
export function failedNode(error: RunAnswer["error"]): string | null {
  const node = (error?.where as Record<string, unknown> | undefined)?.node;
  return typeof node === "string" ? node : null;
}

function stateOf(steps: readonly StepRow[]): NodeState {
  const outcome = steps.at(-1)?.outcome;
  if (!outcome) return "unreached";
  return outcome === "ok" || outcome === "failed" ? outcome : "skipped";
}

/** A step names its port only where its node has several and all its items left by one. */
function leftBy(step: StepRow, edge: FlowEdge): boolean {
  const port = edge.source_port ?? OUT;
  if (step.outcome === "failed") return port === "error";
  return step.items_out > 0 && (step.port === null || step.port === port);
}
