import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DailyRow } from "@/api/metrics";
import { Table, Td, Th } from "@/components/Table";
import { day, number, span } from "@/lib/format";

/** What the charts by day say, in numbers; each day on which runs started opens them. */
export function DayTable({ rows, workflow }: { rows: DailyRow[]; workflow: string }) {
  const { t } = useTranslation();
  const busy = rows.filter((row) => row.started || row.completed || row.failed || row.cancelled).reverse();
  if (!busy.length) return null;
  return (
    <details className="mt-3">
      <summary className="text-base text-muted">{t("measure.dayTable")}</summary>
      <div className="mt-2 max-h-80 overflow-y-auto">
        <Table
          label={t("home.byDay")}
          head={
            <>
              <Th>{t("measure.day")}</Th>
              <Th numeric>{t("home.startedRuns")}</Th>
              <Th numeric>{t("runs.status.completed")}</Th>
              <Th numeric>{t("runs.status.failed")}</Th>
              <Th numeric>{t("runs.status.cancelled")}</Th>
              <Th numeric>{t("home.median")}</Th>
            </>
          }
        >
          {busy.map((row) => (
            <tr key={row.day}>
              <Td>
                {row.started ? (
                  <Link
                    to="/runs"
                    search={{ workflow, day: row.day }}
                    className="text-accent-strong underline-offset-2 hover:underline"
                  >
                    {day(row.day)}
                  </Link>
                ) : (
                  day(row.day)
                )}
              </Td>
              <Td numeric>{number(row.started)}</Td>
              <Td numeric>{number(row.completed)}</Td>
              <Td numeric>{number(row.failed)}</Td>
              <Td numeric>{number(row.cancelled)}</Td>
              <Td numeric>{span(row.median)}</Td>
            </tr>
          ))}
        </Table>
      </div>
    </details>
  );
}
