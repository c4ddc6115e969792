import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Activity, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type RunRow, runCountsQuery, runsQuery } from "@/api/runs";
import { workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { SelectField } from "@/components/Field";
import { Page } from "@/components/Page";
import { number } from "@/lib/format";
import { useLive } from "@/lib/live";
import { RunTable } from "./RunTable";

const route = getRouteApi("/inside/runs");
const STATUSES = ["waiting", "completed", "failed", "cancelled"];

export function RunsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const workflows = useQuery(workflowsQuery).data ?? [];
  const counts = useQuery(runCountsQuery).data ?? {};
  const runs = useInfiniteQuery(runsQuery(search));
  useLive([["runs"], ["run-counts"]]);
  const filter = (change: Partial<typeof search>) =>
    void navigate({ to: "/runs", search: { ...search, ...change }, replace: true });
  const name = workflows.find((row) => row.id === search.workflow)?.name;
  const counted = (status: string) =>
    Object.entries(counts).reduce(
      (sum, [workflow, each]) => sum + (!name || workflow === name ? (each[status] ?? 0) : 0),
      0,
    );
  return (
    <Page title={t("runs.title")} note={t("runs.note")}>
      <div className="flex flex-wrap items-center gap-3">
        <SelectField
          label={t("runs.workflow")}
          hidden
          className="max-w-72"
          value={search.workflow ?? ""}
          onChange={(event) => filter({ workflow: event.target.value || undefined })}
        >
          <option value="">{t("runs.anyWorkflow")}</option>
          {workflows.map((row) => (
            <option key={row.id} value={row.id}>
              {row.name}
            </option>
          ))}
        </SelectField>
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">{t("runs.state")}</legend>
          {["", ...STATUSES].map((status) => (
            <Button
              key={status}
              small
              look={(search.status ?? "") === status ? "primary" : "plain"}
              aria-pressed={(search.status ?? "") === status}
              onClick={() => filter({ status: status || undefined })}
            >
              {status ? t(`runs.status.${status}`) : t("common.all")}
              {status && <span className="numeric opacity-80">{number(counted(status))}</span>}
            </Button>
          ))}
        </fieldset>
      </div>
      <Card flush>
        <Async query={runs} rows={10}>
          {(data) => (
            <Rows
              rows={data.pages.flat()}
              more={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
              busy={runs.isFetchingNextPage}
            />
          )}
        </Async>
      </Card>
    </Page>
  );
}

function Rows({ rows, more, busy }: { rows: RunRow[]; more?: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  if (!rows.length) {
    const failed = search.status === "failed";
    return (
      <Empty icon={failed ? TriangleAlert : Activity} title={t(failed ? "runs.noneFailed" : "runs.none")}>
        {t("runs.noneNote")}
      </Empty>
    );
  }
  return (
    <>
      <RunTable rows={rows} />
      {more && (
        <div className="border-t border-line p-3 text-center">
          <Button small busy={busy} onClick={more}>
            {t("common.loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}
