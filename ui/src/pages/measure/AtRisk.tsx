import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Metrics } from "@/api/metrics";
import { About } from "@/components/About";
import { Card } from "@/components/Card";
import { Meter } from "@/components/Meter";
import { Table, Td, Th } from "@/components/Table";
import { number, percent, span } from "@/lib/format";

const MOST = 20;

/** Open runs and steps that have used most of their time limit, the worst first; each opens its run. */
export function AtRisk({ found }: { found: Metrics }) {
  const { t } = useTranslation();
  const all = found.near_limits;
  return (
    <Card
      flush
      title={
        <span className="flex items-center gap-1">
          {t("measure.atRisk")}
          <About name={t("measure.atRisk")}>{t("measure.about.atRisk")}</About>
        </span>
      }
      note={all.length > MOST ? t("measure.firstOf", { shown: MOST, all: number(all.length) }) : undefined}
    >
      {all.length ? (
        <Table
          label={t("measure.atRisk")}
          head={
            <>
              <Th>{t("measure.what")}</Th>
              <Th numeric>{t("home.timeUsed")}</Th>
              <Th numeric>{t("measure.elapsed")}</Th>
              <Th numeric>{t("measure.allowed")}</Th>
            </>
          }
        >
          {all.slice(0, MOST).map((each) => (
            <tr key={`${each.run} ${each.node}`} className="hover:bg-hover">
              <Td className="min-w-44">
                <Link
                  to="/runs/$run"
                  params={{ run: each.run }}
                  className="font-medium text-accent-strong underline-offset-2 hover:underline"
                >
                  {each.node ? (found.steps[each.node]?.name ?? each.node) : t("measure.wholeRun")}
                </Link>
              </Td>
              <Td numeric className="w-36">
                {percent(each.value)}
                <Meter share={each.value} level={each.value > 1 ? "red" : "amber"} label={percent(each.value)} />
              </Td>
              <Td numeric>{span(each.elapsed)}</Td>
              <Td numeric>{span(each.allowed)}</Td>
            </tr>
          ))}
        </Table>
      ) : (
        <p className="flex items-start gap-2.5 px-4 pt-1 pb-4 text-muted">
          <ShieldCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
          {t("measure.noRisk")} {t("measure.noRiskNote")}
        </p>
      )}
    </Card>
  );
}
