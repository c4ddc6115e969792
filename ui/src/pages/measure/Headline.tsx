import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Metrics } from "@/api/metrics";
import { Tile } from "@/components/Tile";
import { number, percent } from "@/lib/format";
import type { RunSearch } from "@/router";

const LINK = "text-accent-strong underline-offset-2 hover:underline";

/** E, W/L and C, and how runs ended; what each means is one click away. */
export function Headline({ found, days }: { found: Metrics; days?: number }) {
  const { t } = useTranslation();
  const { time_used: time, efficiency, cost, open, counts } = found.figures;
  const runs = (search: RunSearch, text: string) => (
    <Link to="/runs" search={{ workflow: found.workflow, ...search }} className={LINK}>
      {text}
    </Link>
  );
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
      <Tile
        label={t("home.timeUsed")}
        value={percent(time.value)}
        note={t("home.ofAllowed")}
        about={t("measure.about.timeUsed")}
      />
      <Tile
        label={t("home.onTime")}
        value={percent(time.on_time_rate, 1)}
        note={t("home.onTimeOf", { good: number(time.on_time), all: number(time.counted) })}
        about={t("measure.about.onTime")}
      />
      <Tile
        label={t("home.workPerLabour")}
        value={number(efficiency.value, 1)}
        note={t("home.perHour")}
        about={t("measure.about.workPerLabour")}
      />
      <Tile
        label={t("home.costPerUnit")}
        value={number(cost.cost_per_unit)}
        note={t("home.costNote")}
        about={t("measure.about.cost")}
      />
      <Tile
        label={t("measure.ended")}
        value={number((counts.completed ?? 0) + (counts.failed ?? 0))}
        note={
          <span className="flex flex-wrap gap-x-3">
            {runs(
              { status: "completed", days },
              t("measure.completed", { count: counts.completed ?? 0, shown: number(counts.completed ?? 0) }),
            )}
            {runs(
              { status: "failed", days },
              t("measure.failed", { count: counts.failed ?? 0, shown: number(counts.failed ?? 0) }),
            )}
          </span>
        }
        about={t("measure.about.ended")}
      />
      <Tile
        label={t("measure.openRuns")}
        value={number(open.open)}
        note={
          <span className="flex flex-wrap gap-x-3">
            {t("measure.overdue", { count: open.overdue, shown: number(open.overdue) })}
            {runs({ status: "waiting" }, t("home.showFailed"))}
          </span>
        }
        about={t("measure.about.open")}
      />
    </dl>
  );
}
