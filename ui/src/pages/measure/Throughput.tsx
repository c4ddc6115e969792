import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type DailyRow, dailyQuery } from "@/api/metrics";
import { Async } from "@/components/Async";
import { Card } from "@/components/Card";
import { Chart, type Line } from "@/components/Chart";
import { ImageButton } from "@/components/ImageButton";
import { number, span } from "@/lib/format";
import { saveChart } from "@/lib/png";
import { DayTable } from "./DayTable";
import { daysShown } from "./daysShown";

interface Shown {
  workflow: string;
  name: string;
}

/** Runs by day: how many started, were completed and failed, and how long half of them took. */
export function Throughput({ workflow, name, days }: Shown & { days?: number }) {
  const { t } = useTranslation();
  const query = useQuery(dailyQuery(workflow, daysShown(days)));
  return (
    <Card title={t("home.byDay")} note={t("home.byDayNote", { days: daysShown(days) })}>
      <Async query={query} rows={5}>
        {(rows) => <Drawn rows={rows} workflow={workflow} name={name} />}
      </Async>
    </Card>
  );
}

function Drawn({ rows, workflow, name }: Shown & { rows: DailyRow[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
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
  const open = (place: number) => void navigate({ to: "/runs", search: { workflow, day: rows[place]?.day } });
  const sum = (of: "started" | "completed" | "failed") => number(rows.reduce((total, row) => total + row[of], 0));
  const label = t("home.byDayLabel", {
    started: sum("started"),
    completed: sum("completed"),
    failed: sum("failed"),
  });
  return (
    <>
      <div className="grid gap-6 lg:grid-cols-2">
        <Half title={t("home.byDay")} name={name} lines={runs}>
          <Chart days={days} lines={runs} label={label} open={open} />
        </Half>
        <Half title={t("home.median")} name={name} lines={times}>
          <Chart days={days} lines={times} label={t("home.median")} format={span} open={open} />
        </Half>
      </div>
      <DayTable rows={rows} workflow={workflow} />
    </>
  );
}

function Half({
  title,
  name,
  lines,
  children,
}: {
  title: string;
  name: string;
  lines: Line[];
  children: React.ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const save = () => {
    const chart = box.current?.querySelector("canvas");
    const names = lines.map((line): [string, string] => [line.label, line.color]);
    if (chart) saveChart(`${name} ${title}`, `${name} · ${title}`, chart, names);
  };
  return (
    <div ref={box} className="min-w-0">
      <div className="flex items-center gap-2">
        <Legend lines={lines} />
        <span className="ml-auto">
          <ImageButton name={title} save={save} />
        </span>
      </div>
      {children}
    </div>
  );
}

function Legend({ lines }: { lines: Line[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {lines.map((line) => (
        <li key={line.label} className="flex items-center gap-1.5">
          <span className="h-0.5 w-4 rounded-full" style={{ background: `var(${line.color})` }} aria-hidden />
          {line.label}
        </li>
      ))}
    </ul>
  );
}
