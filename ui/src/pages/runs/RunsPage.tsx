import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Activity, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { countsQuery, narrowed, type RunRow, runsQuery } from "@/api/runs";
import { useMay } from "@/api/session";
import { workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { useLive } from "@/lib/live";
import { BulkBar } from "./BulkBar";
import { RunFilters } from "./RunFilters";
import { RunTable } from "./RunTable";

const route = getRouteApi("/inside/runs");

export function RunsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const search = route.useSearch();
  const workflows = useQuery(workflowsQuery).data ?? [];
  const counts = useQuery(countsQuery(search)).data ?? {};
  const runs = useInfiniteQuery(runsQuery(search));
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  useLive([["runs"], ["run-counts"]]);
  const name = workflows.find((row) => row.id === search.workflow)?.name;
  const all = (status: string) =>
    Object.entries(counts).reduce(
      (sum, [workflow, each]) => sum + (!name || workflow === name ? (each[status] ?? 0) : 0),
      0,
    );
  const counted = narrowed(search) ? undefined : all;
  const choose = (wanted: string[]) => setIds(new Set(wanted));
  const chosen = runs.data?.pages.flat().filter((row) => ids.has(row.id)) ?? [];
  const bulk = may("run:execute");
  return (
    <Page
      title={t("runs.title")}
      note={t("runs.note")}
      actions={bulk && <BulkBar chosen={chosen} asked={search} counted={counted} done={() => choose([])} />}
    >
      <RunFilters counted={counted} />
      <Card flush>
        <Async query={runs} rows={10}>
          {(data) => (
            <Rows
              rows={data.pages.flat()}
              chosen={ids}
              choose={bulk ? choose : undefined}
              more={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
              busy={runs.isFetchingNextPage}
            />
          )}
        </Async>
      </Card>
    </Page>
  );
}

function Rows({
  rows,
  chosen,
  choose,
  more,
  busy,
}: {
  rows: RunRow[];
  chosen: ReadonlySet<string>;
  choose?: (ids: string[]) => void;
  more?: () => void;
  busy: boolean;
}) {
  const { t } = useTranslation();
  const search = route.useSearch();
  if (!rows.length) {
    const failed = search.status === "failed";
    const narrowed = Object.values(search).some((each) => each !== undefined);
    return (
      <Empty
        icon={failed ? TriangleAlert : Activity}
        title={t(failed ? "runs.noneFailed" : "runs.none")}
        action={
          narrowed ? (
            <Link to="/runs" search={{}} className={buttonClasses("plain")}>
              {t("runs.showAll")}
            </Link>
          ) : (
            <Link to="/workflows" className={buttonClasses("plain")}>
              {t("runs.toWorkflows")}
            </Link>
          )
        }
      >
        {t(narrowed ? "runs.narrowedNote" : "runs.noneNote")}
      </Empty>
    );
  }
  return (
    <>
      <RunTable rows={rows} chosen={chosen} choose={choose} />
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
