/** The workflow being edited: one definition with its history, and what is selected in it. */
import { useCallback, useMemo, useState } from "react";
import type { Definition } from "./document";
import { begin, changed, type History, redone, undone } from "./history";

export interface Selection {
  nodes: readonly string[];
  edges: readonly string[];
}

export const NOTHING: Selection = { nodes: [], edges: [] };

export interface Document {
  definition: Definition;
  selection: Selection;
  /** Change the definition; changes with one `key` soon after each other are one step of undo. */
  change: (next: (definition: Definition) => Definition, key?: string | null) => void;
  select: (selection: Selection) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** Start afresh with another definition, as when a draft was reloaded. */
  reset: (definition: Definition) => void;
}

export function useDocument(first: Definition): Document {
  const [history, setHistory] = useState<History<Definition>>(() => begin(first));
  const [selection, select] = useState<Selection>(NOTHING);
  const definition = history.present;
  const change = useCallback<Document["change"]>(
    (next, key = null) => setHistory((before) => changed(before, next(before.present), key, performance.now())),
    [],
  );
  const kept = useMemo<Selection>(
    () => ({
      nodes: selection.nodes.filter((id) => id in definition.nodes),
      edges: selection.edges.filter((id) => id in definition.edges),
    }),
    [selection, definition],
  );
  return {
    definition,
    selection: kept,
    change,
    select,
    undo: useCallback(() => setHistory(undone), []),
    redo: useCallback(() => setHistory(redone), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    reset: useCallback((next) => setHistory(begin(next)), []),
  };
}
