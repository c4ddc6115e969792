import { useTranslation } from "react-i18next";
import type { Metrics } from "@/api/metrics";
import { Card } from "@/components/Card";
import { number, percent, span } from "@/lib/format";

/** The figures that the workflow itself names. */
export function Measures({ found }: { found: Metrics }) {
  const { t } = useTranslation();
  const measures = Object.entries(found.measures ?? {});
  if (!measures.length) return null;
  return (
    <Card title={t("home.measures")} note={t("home.measuresNote")}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
        {measures.map(([id, each]) => (
          <div key={id}>
            <dt className="text-sm text-muted">{each.name}</dt>
            <dd className="numeric text-lg font-semibold">{measured(each.kind, each.value)}</dd>
            <dd className="text-sm text-muted">
              {t("home.measureOf", { counted: number(each.counted), base: number(each.base) })}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

export function measured(kind: string, value: number | null): string {
  return kind === "share" ? percent(value, 1) : kind === "time" ? span(value) : number(value);
}
