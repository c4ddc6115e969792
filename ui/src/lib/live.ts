/** Keeps lists fresh while work goes on: the server tells that something changed, and what is shown is read again.
 * All that is shown shares one stream, since browsers allow a site few connections, for all its tabs together. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const AT_MOST_EVERY = 1_500;

const listeners = new Set<() => void>();
let stream: EventSource | undefined;

function listen(told: () => void): () => void {
  listeners.add(told);
  if (!stream) {
    stream = new EventSource("/api/changes");
    stream.addEventListener("changed", () => {
      for (const each of listeners) each();
    });
  }
  return () => {
    listeners.delete(told);
    if (listeners.size) return;
    stream?.close();
    stream = undefined;
  };
}

export function useLive(keys: string[][]): void {
  const queries = useQueryClient();
  const wanted = JSON.stringify(keys);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      waiting = undefined;
      for (const key of JSON.parse(wanted) as string[][]) void queries.invalidateQueries({ queryKey: key });
    };
    const leave = listen(() => {
      waiting ??= setTimeout(refresh, AT_MOST_EVERY);
    });
    return () => {
      clearTimeout(waiting);
      leave();
    };
  }, [queries, wanted]);
}
