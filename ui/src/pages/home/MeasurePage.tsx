import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Metrics, metricsQuery } from "@/api/metrics";
import { Async } from "@/components/Async";
import { buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { Page } from "@/components/Page";
import { Tile } from "@/components/Tile";
import { dateTime, number, percent, span } from "@/lib/format";
import { Raw } from "./Raw";
import { StepTable } from "./StepTable";
import { Throughput } from "./Throughput";

const route = getRouteApi("/inside/measure/$workflow");
const PERIODS = [7, 30, 90, 365];

export function MeasurePage() {
  const { t } = useTranslation();
  const { workflow } = route.useParams();
  const { days } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(metricsQuery(workflow, days));
  const period = (value: string) =>
    void navigate({
      to: "/measure/$workflow",
      params: { workflow },
      search: { days: value ? Number(value) : undefined },
    });
  return (
    <Page
      title={query.data?.name ?? workflow}
      note={
        query.data &&
        `${t("home.version", { version: query.data.version })} · ${t("home.asOf", { time: dateTime(query.data.as_of) })}`
      }
      actions={
        <>
          <SelectField
            label={t("home.period")}
            hidden
            value={days ?? ""}
            onChange={(event) => period(event.target.value)}
          >
            <option value="">{t("home.always")}</option>
            {PERIODS.map((each) => (
              <option key={each} value={each}>
                {t("home.lastDays", { days: each })}
              </option>
            ))}
          </SelectField>
          <Link to="/runs" search={{ workflow }} className={buttonClasses("plain")}>
            {t("home.showRuns")}
          </Link>
        </>
      }
    >
      <Async query={query}>{(found) => <Measured found={found} days={days} />}</Async>
    </Page>
  );
}

function Measured({ found, days }: { found: Metrics; days?: number }) {
  const { t } = useTranslation();
  const { time_used: time, efficiency, cost, flow, counts } = found.figures;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile label={t("home.timeUsed")} value={percent(time.value)} note={t("home.ofAllowed")} />
        <Tile
          label={t("home.onTime")}
          value={percent(time.on_time_rate, 1)}
          note={t("home.onTimeOf", { good: number(time.on_time), all: number(time.counted) })}
        />
        <Tile label={t("home.workPerLabour")} value={number(efficiency.value, 1)} note={t("home.perHour")} />
        <Tile label={t("home.costPerUnit")} value={number(cost.cost_per_unit)} note={t("home.costNote")} />
      </dl>
      <Raw
        rows={[
          [
            "E = T / T_max",
            percent(time.value, 1),
            t("home.raw.time", {
              elapsed: span(time.elapsed_with_limit),
              allowed: span(time.allowed),
              without: number(time.without_limit),
            }),
            time.reason,
          ],
          [
            "E = W / L",
            number(efficiency.value),
            t("home.raw.work", { work: number(efficiency.work), hours: number(efficiency.labour_hours, 1) }),
            efficiency.reason,
          ],
          [
            "C = W / P",
            number(cost.standard_cost),
            t("home.raw.cost", {
              actual: number(cost.actual_cost),
              labour: number(cost.labour_cost),
              tools: number(cost.tool_cost),
              variance: number(cost.variance),
            }),
            cost.reason,
          ],
          [
            t("home.flow"),
            percent(flow.value, 1),
            t("home.raw.flow", { touch: span(flow.touch), elapsed: span(flow.elapsed) }),
            null,
          ],
          [
            t("home.ended"),
            number((counts.completed ?? 0) + (counts.failed ?? 0)),
            t("home.raw.ended", {
              completed: number(counts.completed),
              failed: number(counts.failed),
              cancelled: number(counts.cancelled),
              open: number(counts.open),
            }),
            null,
          ],
        ]}
      />
      {!!Object.keys(found.measures ?? {}).length && (
        <Card title={t("home.measures")} note={t("home.measuresNote")}>
          <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
            {Object.entries(found.measures ?? {}).map(([id, each]) => (
              <div key={id}>
                <dt className="text-sm text-muted">{each.name}</dt>
                <dd className="numeric text-lg font-semibold">
                  {each.kind === "share"
                    ? percent(each.value, 1)
                    : each.kind === "time"
                      ? span(each.value)
                      : number(each.value)}
                </dd>
                <dd className="text-sm text-muted">
                  {t("home.measureOf", { counted: number(each.counted), base: number(each.base) })}
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      )}
      <Throughput workflow={found.workflow} days={days} />
      <StepTable found={found} />
    </>
  );
}
