import { useTranslation } from "react-i18next";
import { Card } from "@/components/Card";

type Row = [name: string, value: string, made: string, reason: string | null];

/** What each figure is made of, one line each, so that nobody has to take it on trust. */
export function Raw({ rows }: { rows: Row[] }) {
  const { t } = useTranslation();
  return (
    <Card>
      <details>
        <summary className="text-base font-medium">{t("home.rawTitle")}</summary>
        <dl className="mt-3 grid gap-x-6 gap-y-2 text-base sm:grid-cols-[9rem_7rem_1fr]">
          {rows.map(([name, value, made, reason]) => (
            <div key={name} className="contents">
              <dt className="font-mono text-sm leading-6 text-muted">{name}</dt>
              <dd className="numeric font-semibold">{value}</dd>
              <dd className="text-muted">
                {made}
                {reason && ` · ${reason}`}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}
