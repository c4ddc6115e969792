import { useTranslation } from "react-i18next";
import type { Template } from "@/api/templates";
import { Card } from "@/components/Card";
import { number, percent, span } from "@/lib/format";

interface Measure {
  name: string;
  reached?: unknown;
  until?: unknown;
  of?: unknown;
  average?: unknown;
}

/** What the sample weeks of a template come to: the figures that its tests hold it to. */
export function Expectations({ template }: { template: Template }) {
  const { t } = useTranslation();
  const { expected } = template;
  const measures = template.definition.measures as Record<string, Measure> | undefined;
  const rows: [string, string][] = [
    [t("home.completed"), number(expected.completed)],
    [t("home.timeUsed"), percent(expected.time_used, 1)],
    [t("home.onTime"), percent(expected.on_time, 1)],
    [t("home.labour"), number(expected.labour_hours, 1)],
    [t("home.workPerLabour"), number(expected.efficiency, 1)],
    [t("home.cost"), number(expected.cost)],
    ...Object.entries(expected.measures ?? {}).map(([key, value]): [string, string] => {
      const measure = measures?.[key];
      return [measure?.name ?? key, shown(measure, value)];
    }),
  ];
  return (
    <Card title={t("templates.expected")} note={t("templates.expectedNote", { lasts: length(template.lasts) })}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="numeric text-lg font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function shown(measure: Measure | undefined, value: number | null): string {
  if (measure?.until) return span(value);
  if (measure?.reached || (measure?.of && !measure.average)) return percent(value, 1);
  return number(value);
}

const SECONDS: Record<string, number> = { day: 86_400, hour: 3_600, week: 604_800 };

/** "2 days" as the reader's language writes it. */
function length(text: string): string {
  const [, amount, unit] = /^(\d+) (day|hour|week)s?$/.exec(text) ?? [];
  return amount && unit ? span(Number(amount) * (SECONDS[unit] ?? 0)) : text;
}
