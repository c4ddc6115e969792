import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames } from "@/api/objects";
import { type FieldChangeRow, historyQuery } from "@/api/records";
import { Async } from "@/components/Async";
import { Card } from "@/components/Card";
import { dateTime } from "@/lib/format";

interface Moment {
  at: string;
  kind: string;
  cause: { actor?: string; run?: string | null };
  fields: FieldChangeRow[];
}

/** What became of the record: each change with what was before, who or which run made it, the newest first. */
export function Timeline({ object, record }: { object: ObjectSchema; record: string }) {
  const { t } = useTranslation();
  const query = useQuery(historyQuery(object.name, record));
  return (
    <Card title={t("records.timeline")}>
      <Async query={query} rows={4}>
        {(rows) => <Moments object={object} rows={rows} />}
      </Async>
    </Card>
  );
}

function Moments({ object, rows }: { object: ObjectSchema; rows: FieldChangeRow[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const moments = useMemo(() => together(rows), [rows]);
  const label = (name: string) => {
    const field = object.fields.find((each) => each.name === name);
    return field ? names.field(field) : name;
  };
  return (
    <ol className="relative flex flex-col gap-4 before:absolute before:top-2 before:bottom-2 before:left-[3px] before:w-px before:bg-line">
      {moments.map((moment) => (
        <li key={`${moment.at}${moment.kind}`} className="relative pl-5">
          <span className="absolute top-2 left-0 size-1.75 rounded-full bg-accent" aria-hidden />
          <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-muted">
            <time dateTime={moment.at}>{dateTime(moment.at)}</time>
            {moment.cause.run ? (
              <Link
                to="/runs/$run"
                params={{ run: moment.cause.run }}
                className="text-accent-strong underline-offset-2 hover:underline"
              >
                {t("records.byRun")}
              </Link>
            ) : (
              <span>{t(`records.by.${moment.cause.actor}`, t("records.byPerson"))}</span>
            )}
          </p>
          {moment.kind === "created" ? (
            <p className="text-base">{t("records.created")}</p>
          ) : (
            <ul className="text-base">
              {moment.fields
                .filter((field) => field.field !== "updatedAt")
                .slice(0, 12)
                .map((field) => (
                  <li key={field.field} className="break-words">
                    {label(field.field)}: <s className="text-muted">{text(field.old)}</s> →{" "}
                    <span className="font-medium">{text(field.new)}</span>
                  </li>
                ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}

function together(rows: FieldChangeRow[]): Moment[] {
  const found = new Map<string, Moment>();
  for (const row of rows) {
    const key = `${row.at} ${row.kind}`;
    const moment = found.get(key) ?? { at: row.at, kind: row.kind, cause: row.cause as Moment["cause"], fields: [] };
    moment.fields.push(row);
    found.set(key, moment);
  }
  return [...found.values()].reverse();
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
