import { useTranslation } from "react-i18next";
import type { RunAnswer } from "@/api/runs";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { ago, dateTime } from "@/lib/format";

/** Where a run waits, and for what. */
export function Waits({ rows }: { rows: RunAnswer["waiting_at"] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("runs.waits")}>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <li key={row.node} className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{row.name}</span>
            {row.since && <span className="text-muted">{t("runs.since", { time: ago(row.since) })}</span>}
            {row.due && <span className="text-muted">{t("runs.until", { time: dateTime(row.due) })}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Calls and mails that the run sent out. */
export function Sent({ rows }: { rows: RunAnswer["effects"] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("runs.effects")}>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-3">
            <Badge tone={row.state === "sent" ? "good" : row.state === "failed" ? "bad" : "neutral"}>
              {t(`runs.effect.${row.state}`, row.state)}
            </Badge>
            <span className="font-medium">{row.kind}</span>
            <span className="text-muted">{row.node}</span>
            {row.error && <span className="text-bad">{row.error}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What was said about the run. */
export function Said({ rows }: { rows: RunAnswer["notices"] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("runs.notices")}>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <li key={`${row.at}${row.text}`} className="flex flex-wrap gap-x-3">
            <time className="numeric whitespace-nowrap text-muted" dateTime={row.at}>
              {dateTime(row.at)}
            </time>
            <span className="min-w-0 flex-1 break-words">{row.text}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Data that was kept of the steps. */
export function Kept({ rows }: { rows: RunAnswer["data"] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("runs.data")}>
      <div className="flex flex-col gap-2">
        {rows.map((row) => (
          <details key={row.sequence} className="rounded-lg border border-line">
            <summary className="px-3 py-2 font-medium">{row.node}</summary>
            <pre className="max-h-96 overflow-auto border-t border-line bg-sunken p-3 font-mono text-sm">
              {JSON.stringify(row.data, null, 2)}
            </pre>
          </details>
        ))}
      </div>
    </Card>
  );
}
