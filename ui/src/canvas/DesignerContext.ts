/** What every part of the designer knows: the document, the node types, what the last check found. */
import { createContext, useContext } from "react";
import type { CheckAnswer, NodeTypeRow, ProblemRow } from "@/api/design";
import { type End, IN, OUT } from "./document";
import type { Overlay } from "./overlay";
import type { Document } from "./useDocument";

export interface Port {
  name: string;
  label: string;
}

/** Where a node that is picked next will go. */
export type Place = { after: End } | { edge: string } | { at: { x: number; y: number } };

export interface Designer extends Document {
  types: ReadonlyMap<string, NodeTypeRow>;
  checked: CheckAnswer | null;
  readOnly: boolean;
  /** The node that the canvas is to bring into sight. */
  reveal: string | null;
  /** What is drawn over the workflow, if anything. */
  overlay: Overlay | null;
  /** Ask which node to add, and where. */
  pick: (place: Place) => void;
}

const Context = createContext<Designer | null>(null);
export const DesignerProvider = Context.Provider;

export function useDesigner(): Designer {
  const designer = useContext(Context);
  if (!designer) throw new Error("this belongs inside the designer");
  return designer;
}

const DEFAULT_IN: Port[] = [{ name: IN, label: "" }];
const DEFAULT_OUT: Port[] = [{ name: OUT, label: "" }];

/** The ports of a node: as the last check worked them out, else as its type has them, else one each way. */
export function portsOf(designer: Designer, id: string): { inputs: Port[]; outputs: Port[] } {
  const checked = designer.checked?.nodes[id];
  const type = designer.types.get(designer.definition.nodes[id]?.type ?? "");
  return {
    inputs: checked?.inputs ?? type?.inputs ?? drawn(designer, id, "in") ?? DEFAULT_IN,
    outputs: checked?.outputs ?? type?.outputs ?? drawn(designer, id, "out") ?? DEFAULT_OUT,
  };
}

/** Ports that depend on parameters and have not been worked out yet: those that lines are drawn at. */
function drawn(designer: Designer, id: string, way: "in" | "out"): Port[] | null {
  const names = Object.values(designer.definition.edges).flatMap((edge) => {
    if (way === "in") return edge.target === id ? [edge.target_port ?? IN] : [];
    return edge.source === id ? [edge.source_port ?? OUT] : [];
  });
  return names.length ? [...new Set(names)].map((name) => ({ name, label: "" })) : null;
}

export function problemsOf(designer: Designer, id: string): ProblemRow[] {
  return designer.checked?.problems.filter((problem) => problem.node === id) ?? [];
}
