import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { dailyQuery, type Figures, type Metrics, spreadQuery } from "@/api/metrics";
import { asProblem } from "@/api/problem";
import { tell } from "@/components/toast";
import { csvOf, download } from "@/lib/csv";
import { daysShown } from "./daysShown";

/** Saves what the page shows, number by number: part, of what, figure, value; times in seconds. */
export function useExport(workflow: string, days: number | undefined, found: Metrics | undefined): () => void {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return async () => {
    if (!found) return;
    const asked = Promise.all([
      queries.ensureQueryData(spreadQuery(workflow, days)),
      queries.ensureQueryData(dailyQuery(workflow, daysShown(days))),
    ]);
    const answers = await asked.catch((error: unknown) => tell(asProblem(error).message, "bad"));
    if (!answers) return;
    const [spread, daily] = answers;
    const bar = (part: string, rows: typeof spread.took) =>
      rows.map((row) => [part, `${row.least}–${row.under ?? ""}`, "runs", row.runs]);
    const rows: unknown[][] = [
      ["part", "of", "figure", "value"],
      ...figures("workflow", found.name, found.figures),
      ...Object.values(found.measures ?? {}).map((each) => ["measure", each.name, each.kind, each.value]),
      ...Object.values(found.steps).flatMap((step) => figures("step", step.name, step)),
      ...bar("completed runs by seconds taken", spread.took),
      ...bar("open runs by age in seconds", spread.age),
      ...found.near_limits.map((each) => ["at risk", each.run, each.node ?? "run", each.value]),
      ...daily.flatMap(({ day, ...each }) => Object.entries(each).map(([name, value]) => ["day", day, name, value])),
    ];
    download(`${found.name} ${days ? t("home.lastDays", { days }) : t("home.always")}.csv`, csvOf(rows));
  };
}

function figures(part: string, of: string, { time_used: time, efficiency, cost, counts }: Figures): unknown[][] {
  const values = {
    ...counts,
    time_used: time.value,
    on_time_rate: time.on_time_rate,
    elapsed: time.elapsed_with_limit,
    allowed: time.allowed,
    work: efficiency.work,
    labour_hours: efficiency.labour_hours,
    work_per_labour: efficiency.value,
    actual_cost: cost.actual_cost,
    cost_per_unit: cost.cost_per_unit,
  };
  return Object.entries(values).map(([name, value]) => [part, of, name, value]);
}
