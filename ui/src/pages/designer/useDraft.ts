/** Keeps the draft on the server a moment after each change, with the revision it was made from. */
import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, keepDraft, storedDraft } from "@/api/design";
import { asProblem } from "@/api/problem";
import type { Definition } from "@/canvas/document";

export type SaveState = "saved" | "changed" | "saving" | "failed" | "conflict";
const AFTER = 1200; // milliseconds without a further change

export interface Keeping {
  state: SaveState;
  revision: number;
  theirs: Draft | null; // what somebody else has saved meanwhile
  problem: string | null;
  /** Whether something was changed that is not stored yet. */
  isUnsaved: () => boolean;
  /** Save now, and give the revision that is then stored. */
  flush: () => Promise<number>;
  /** After a conflict: go on with mine, on top of theirs. */
  keepMine: () => void;
  /** After a conflict: decide later; saving asks again. */
  later: () => void;
  /** After a conflict, or a reload: what is stored is this. */
  accept: (draft: Draft) => void;
}

export function useDraft(workflow: string, first: Draft, definition: Definition): Keeping {
  const [state, setState] = useState<SaveState>("saved");
  const [theirs, setTheirs] = useState<Draft | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const revision = useRef(first.revision);
  const stored = useRef<Definition>(first.definition);
  const running = useRef<Promise<number> | null>(null);
  const latest = useRef(definition);
  latest.current = definition;

  const save = useCallback(async (): Promise<number> => {
    if (running.current) await running.current.catch(() => 0);
    const wanted = latest.current;
    if (wanted === stored.current && revision.current > 0) return revision.current;
    setState("saving");
    running.current = keepDraft(workflow, wanted, revision.current);
    try {
      revision.current = await running.current;
      stored.current = wanted;
      setProblem(null);
      setState(latest.current === wanted ? "saved" : "changed");
      return revision.current;
    } catch (error) {
      const found = asProblem(error);
      if (found.code === "draft.conflict") {
        setTheirs(await storedDraft(workflow));
        setState("conflict");
      } else {
        setProblem(found.message);
        setState("failed");
      }
      throw error;
    } finally {
      running.current = null;
    }
  }, [workflow]);

  useEffect(() => {
    if (definition === stored.current || state === "conflict") return;
    setState((before) => (before === "saving" ? before : "changed"));
    const timer = setTimeout(() => void save().catch(() => {}), AFTER);
    return () => clearTimeout(timer);
  }, [definition, save, state]);

  const isUnsaved = useCallback(() => latest.current !== stored.current, []);
  const accept = useCallback((draft: Draft) => {
    revision.current = draft.revision;
    stored.current = draft.definition;
    setTheirs(null);
    setState("saved");
  }, []);
  const keepMine = useCallback(() => {
    if (theirs) revision.current = theirs.revision;
    setTheirs(null);
    setState("changed");
    void save().catch(() => {});
  }, [theirs, save]);
  const later = useCallback(() => setTheirs(null), []);
  return { state, revision: revision.current, theirs, problem, isUnsaved, flush: save, keepMine, later, accept };
}
