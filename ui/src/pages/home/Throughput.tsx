import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type DailyRow, dailyQuery } from "@/api/metrics";
import { Async } from "@/components/Async";
import { Card } from "@/components/Card";
import { Chart, type Line } from "@/components/Chart";
import { number, span } from "@/lib/format";

/** Runs by day: how many started, were completed and failed, and how long half of them took. */
export function Throughput({ workflow, days }: { workflow: string; days?: number }) {
  const { t } = useTranslation();
  const query = useQuery(dailyQuery(workflow, Math.min(days ?? 30, 365)));
  return (
    <Card title={t("home.byDay")} note={t("home.byDayNote", { days: Math.min(days ?? 30, 365) })}>
      <Async query={query} rows={5}>
        {(rows) => <Drawn rows={rows} />}
      </Async>
    </Card>
  );
}

function Drawn({ rows }: { rows: DailyRow[] }) {
  const { t } = useTranslation();
  const days = useMemo(() => rows.map((row) => Date.parse(`${row.day}T00:00:00Z`) / 1000), [rows]);
  const runs = useMemo<Line[]>(
    () => [
      { label: t("home.startedRuns"), color: "--info", values: rows.map((row) => row.started) },
      { label: t("runs.status.completed"), color: "--accent", values: rows.map((row) => row.completed), fill: true },
      { label: t("runs.status.failed"), color: "--bad", values: rows.map((row) => row.failed) },
    ],
    [rows, t],
  );
  const times = useMemo<Line[]>(
    () => [{ label: t("home.median"), color: "--accent", values: rows.map((row) => row.median), fill: true }],
    [rows, t],
  );
  const sum = (name: "started" | "completed" | "failed") => number(rows.reduce((total, row) => total + row[name], 0));
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <div>
        <Legend lines={runs} />
        <Chart
          days={days}
          lines={runs}
          label={t("home.byDayLabel", { started: sum("started"), completed: sum("completed"), failed: sum("failed") })}
        />
      </div>
      <div>
        <Legend lines={times} />
        <Chart days={days} lines={times} label={t("home.median")} format={span} />
      </div>
    </div>
  );
}

function Legend({ lines }: { lines: Line[] }) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {lines.map((line) => (
        <li key={line.label} className="flex items-center gap-1.5">
          <span className="h-0.5 w-4 rounded-full" style={{ background: `var(${line.color})` }} aria-hidden />
          {line.label}
        </li>
      ))}
    </ul>
  );
}
