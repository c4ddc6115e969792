import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { RunRow } from "@/api/runs";
import { RunStatus } from "@/components/RunStatus";
import { Table, Td, Th } from "@/components/Table";
import { ago, between, dateTime, span } from "@/lib/format";

type Chosen = ReadonlySet<string>;
type Choose = (ids: string[]) => void;

function toggled(chosen: Chosen, id: string): string[] {
  return chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id];
}

/** Runs as rows; the workflow's name opens the run. */
export function RunTable({ rows, chosen, choose }: { rows: RunRow[]; chosen?: Chosen; choose?: Choose }) {
  const { t } = useTranslation();
  const all = rows.length > 0 && rows.every((row) => chosen?.has(row.id));
  return (
    <Table
      label={t("runs.title")}
      head={
        <>
          {choose && (
            <Th className="w-8 pr-0">
              <input
                type="checkbox"
                aria-label={t("runs.chooseAll")}
                checked={all}
                onChange={() => choose(all ? [] : rows.map((row) => row.id))}
              />
            </Th>
          )}
          <Th>{t("runs.workflow")}</Th>
          <Th>{t("runs.state")}</Th>
          <Th>{t("runs.started")}</Th>
          <Th numeric>{t("runs.took")}</Th>
          <Th>{t("runs.next")}</Th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id} className="hover:bg-hover">
          {choose && chosen && (
            <Td className="w-8 pr-0">
              <input
                type="checkbox"
                aria-label={t("runs.chooseOne", { name: row.workflow, time: dateTime(row.started_at) })}
                checked={chosen.has(row.id)}
                onChange={() => choose(toggled(chosen, row.id))}
              />
            </Td>
          )}
          <Td className="min-w-56">
            <Link to="/runs/$run" params={{ run: row.id }} className="font-medium underline-offset-2 hover:underline">
              {row.workflow}
            </Link>
            <span className="ml-2 text-sm text-muted">{t("home.version", { version: row.version })}</span>
          </Td>
          <Td>
            <RunStatus status={row.status} />
          </Td>
          <Td className="whitespace-nowrap text-muted">
            <time dateTime={row.started_at} title={dateTime(row.started_at)}>
              {ago(row.started_at)}
            </time>
          </Td>
          <Td numeric className="whitespace-nowrap">
            {row.ended_at ? span(between(row.started_at, row.ended_at)) : "–"}
          </Td>
          <Td className="whitespace-nowrap text-muted">{row.error ?? (row.due ? ago(row.due) : "–")}</Td>
        </tr>
      ))}
    </Table>
  );
}
