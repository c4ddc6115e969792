import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Metrics, metricsQuery } from "@/api/metrics";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { SelectField } from "@/components/Field";
import { Page } from "@/components/Page";
import { dateTime } from "@/lib/format";
import { AtRisk } from "./AtRisk";
import { Headline } from "./Headline";
import { Made } from "./Made";
import { Measures } from "./Measures";
import { People } from "./People";
import { Spread } from "./Spread";
import { StepTable } from "./StepTable";
import { Throughput } from "./Throughput";
import { useExport } from "./useExport";

const route = getRouteApi("/inside/measure/$workflow");
const PERIODS = [1, 7, 30, 90, 365];

export function MeasurePage() {
  const { t } = useTranslation();
  const { workflow } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(metricsQuery(workflow, search.days));
  const choose = (change: Partial<typeof search>) =>
    void navigate({ to: "/measure/$workflow", params: { workflow }, search: { ...search, ...change }, replace: true });
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
            value={search.days ?? ""}
            onChange={(event) => choose({ days: Number(event.target.value) || undefined })}
          >
            <option value="">{t("home.always")}</option>
            {PERIODS.map((each) => (
              <option key={each} value={each}>
                {t("measure.lastDays", { count: each })}
              </option>
            ))}
          </SelectField>
          <ExportButton workflow={workflow} days={search.days} found={query.data} />
          <Link to="/runs" search={{ workflow, days: search.days }} className={buttonClasses("plain")}>
            {t("home.showRuns")}
          </Link>
        </>
      }
    >
      <Async query={query}>{(found) => <Measured found={found} days={search.days} />}</Async>
      <People team={search.team} days={search.days} choose={(team) => choose({ team })} />
    </Page>
  );
}

function ExportButton({ workflow, days, found }: { workflow: string; days?: number; found?: Metrics }) {
  const { t } = useTranslation();
  const save = useExport(workflow, days, found);
  return (
    <Button icon={<Download aria-hidden />} disabled={!found} onClick={save}>
      {t("measure.export")}
    </Button>
  );
}

function Measured({ found, days }: { found: Metrics; days?: number }) {
  return (
    <>
      <Headline found={found} days={days} />
      <Made found={found} />
      <Measures found={found} />
      <AtRisk found={found} />
      <Spread workflow={found.workflow} name={found.name} days={days} />
      <Throughput workflow={found.workflow} name={found.name} days={days} />
      <StepTable found={found} days={days} />
    </>
  );
}
