/** How many runs of a period came to each node and how many ended there before their time, to be drawn on the cards. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { metricsQuery, type NodeFunnel } from "@/api/metrics";
import type { Mark, Overlay } from "@/canvas/overlay";
import { compact, number, percent } from "@/lib/format";

const NO_EDGES: ReadonlySet<string> = new Set();
const FRESH_EVERY = 30_000; // milliseconds

/** `counts` is a number of days, `all`, or nothing for a canvas without figures. */
export function useCounts(workflow: string, counts: string | undefined): Overlay | null {
  const { t } = useTranslation();
  const days = Number(counts) || undefined;
  const found = useQuery({ ...metricsQuery(workflow, days), enabled: !!counts, refetchInterval: FRESH_EVERY }).data;
  return useMemo(() => {
    if (!counts || !found) return null;
    const told = ({ reached, dropped, standing }: NodeFunnel) =>
      [
        t("canvas.counts.reached", { count: reached, shown: number(reached) }),
        dropped && t("canvas.counts.dropped", { shown: number(dropped) }),
        standing && t("canvas.counts.standing", { shown: number(standing) }),
      ]
        .filter(Boolean)
        .join(", ");
    const nodes = Object.entries(found.funnel).map(([id, one]): [string, Mark] => [
      id,
      { note: compact(one.reached), drop: one.dropped ? percent(one.drop_off) : undefined, label: told(one) },
    ]);
    return { nodes: Object.fromEntries(nodes), lit: NO_EDGES };
  }, [counts, found, t]);
}
