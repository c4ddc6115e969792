/** The draft tried out: on what, how it went, and whether the draft has changed since. */
import { useMutation } from "@tanstack/react-query";
import { createContext, useContext, useState } from "react";
import { asProblem } from "@/api/problem";
import { type Source, type TryoutAnswer, tried } from "@/api/tryouts";
import type { Definition } from "@/canvas/document";
import { tell } from "@/components/toast";

export interface Trying {
  source: Source | null;
  result: TryoutAnswer | null;
  stale: boolean;
  busy: boolean;
  /** The question what to try it on is open; `to` is the node to run to. */
  asking: { to?: string } | null;
  ask: (to?: string) => void;
  cancel: () => void;
  /** Try it on this, or again on what it was tried on last. */
  start: (to?: string, source?: Source) => void;
  clear: () => void;
}

const Context = createContext<Trying | null>(null);
export const TryingProvider = Context.Provider;

export function useTrying(): Trying {
  const trying = useContext(Context);
  if (!trying) throw new Error("this belongs inside the designer");
  return trying;
}

export function useTryout(definition: Definition): Trying {
  const [source, setSource] = useState<Source | null>(null);
  const [asking, setAsking] = useState<Trying["asking"]>(null);
  const trial = useMutation({
    mutationFn: async ({ on, to }: { on: Source; to?: string }) => ({
      definition,
      found: await tried(definition, on, to),
    }),
    onError: (error) => tell(`${asProblem(error).message} ${asProblem(error).hint ?? ""}`, "bad"),
  });
  return {
    source,
    result: trial.data?.found ?? null,
    stale: !!trial.data && trial.data.definition !== definition,
    busy: trial.isPending,
    asking,
    ask: (to) => setAsking({ to }),
    cancel: () => setAsking(null),
    start: (to, chosen) => {
      const on = chosen ?? source;
      setAsking(on ? null : { to });
      if (!on) return;
      setSource(on);
      trial.mutate({ on, to });
    },
    clear: trial.reset,
  };
}
