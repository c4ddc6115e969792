/** Keeps lists fresh while work goes on: the server tells over one stream that something changed, and what is shown is read again. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const AT_MOST_EVERY = 1_500;

export function useLive(keys: string[][]): void {
  const queries = useQueryClient();
  const wanted = JSON.stringify(keys);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      waiting = undefined;
      for (const key of JSON.parse(wanted) as string[][]) void queries.invalidateQueries({ queryKey: key });
    };
    const stream = new EventSource("/api/changes");
    stream.addEventListener("changed", () => {
      waiting ??= setTimeout(refresh, AT_MOST_EVERY);
    });
    return () => {
      clearTimeout(waiting);
      stream.close();
    };
  }, [queries, wanted]);
}
