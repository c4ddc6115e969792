import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Headline } from "@/api/metrics";
import { asProblem } from "@/api/problem";
import type { WorkflowRow } from "@/api/workflows";
import { Badge } from "@/components/Badge";
import { Meter } from "@/components/Meter";
import { number, percent } from "@/lib/format";

/** A workflow's three figures in a line: time used and on time, work for labour, cost for a piece of work. */
export function WorkflowFigures({ workflow, query }: { workflow: WorkflowRow; query: UseQueryResult<Headline[]> }) {
  const { t } = useTranslation();
  const figures = query.data?.find((each) => each.workflow === workflow.id)?.figures;
  return (
    <li>
      <Link
        to="/measure/$workflow"
        params={{ workflow: workflow.id }}
        search={{ days: undefined }}
        className="grid grid-cols-2 items-center gap-x-6 gap-y-3 px-4 py-3.5 transition-colors hover:bg-hover lg:grid-cols-[minmax(0,2.2fr)_repeat(4,minmax(0,1fr))_1rem]"
      >
        <span className="col-span-2 flex min-w-0 flex-col lg:col-span-1">
          <span className="truncate font-medium">{workflow.name}</span>
          <span className="mt-0.5 flex items-center gap-2 text-sm text-muted">
            {t("home.version", { version: workflow.version })}
            {workflow.paused && <Badge tone="warn">{t("workflows.status.paused")}</Badge>}
          </span>
        </span>
        {query.isError && <span className="col-span-4 text-sm text-bad">{asProblem(query.error).message}</span>}
        {query.isPending && <span className="animate-wait col-span-2 h-8 rounded bg-sunken lg:col-span-4" />}
        {figures && (
          <>
            <Figure
              label={t("home.timeUsed")}
              value={percent(figures?.time_used.value)}
              missing={figures && figures.time_used.value === null}
            >
              <Meter
                share={figures?.time_used.value ?? null}
                level={figures?.time_used.level}
                label={t("home.timeUsedMeter", { share: percent(figures?.time_used.value) })}
              />
            </Figure>
            <Figure label={t("home.onTime")} value={percent(figures?.time_used.on_time_rate, 1)} />
            <Figure label={t("home.workPerLabour")} value={number(figures?.efficiency.value, 1)} />
            <Figure label={t("home.costPerUnit")} value={number(figures?.cost.cost_per_unit, 2)} />
          </>
        )}
        <ChevronRight className="hidden size-4 text-muted lg:block" aria-hidden />
      </Link>
    </li>
  );
}

function Figure({
  label,
  value,
  missing,
  children,
}: {
  label: string;
  value: string;
  missing?: boolean;
  children?: React.ReactNode;
}) {
  return (
    <span className="flex min-w-0 flex-col gap-1">
      <span className="truncate text-sm text-muted">{label}</span>
      <span className="numeric text-lg leading-tight font-semibold">{value}</span>
      {!missing && children}
    </span>
  );
}
