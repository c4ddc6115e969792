import { useTranslation } from "react-i18next";
import type { Metrics } from "@/api/metrics";
import { number, percent, span } from "@/lib/format";
import { Raw } from "./Raw";

/** The raw values of E, W/L, C and flow. */
export function Made({ found }: { found: Metrics }) {
  const { t } = useTranslation();
  const { time_used: time, efficiency, cost, flow, counts } = found.figures;
  return (
    <Raw
      rows={[
        [
          "E = T / T_max",
          percent(time.value, 1),
          t("home.raw.time", {
            elapsed: span(time.elapsed_with_limit),
            allowed: span(time.allowed),
            without: number(time.without_limit),
          }),
          time.reason,
        ],
        [
          "E = W / L",
          number(efficiency.value),
          t("home.raw.work", { work: number(efficiency.work), hours: number(efficiency.labour_hours, 1) }),
          efficiency.reason,
        ],
        [
          "C = W / P",
          number(cost.standard_cost),
          t("home.raw.cost", {
            actual: number(cost.actual_cost),
            labour: number(cost.labour_cost),
            tools: number(cost.tool_cost),
            variance: number(cost.variance),
          }),
          cost.reason,
        ],
        [
          t("home.flow"),
          percent(flow.value, 1),
          t("home.raw.flow", { touch: span(flow.touch), elapsed: span(flow.elapsed) }),
          null,
        ],
        [
          t("home.ended"),
          number((counts.completed ?? 0) + (counts.failed ?? 0)),
          t("home.raw.ended", {
            completed: number(counts.completed),
            failed: number(counts.failed),
            cancelled: number(counts.cancelled),
            open: number(counts.open),
          }),
          null,
        ],
      ]}
    />
  );
}
