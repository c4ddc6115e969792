import { useTranslation } from "react-i18next";
import type { RunAnswer } from "@/api/runs";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { dateTime } from "@/lib/format";

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
