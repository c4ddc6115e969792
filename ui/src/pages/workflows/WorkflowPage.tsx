import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChartNoAxesColumn, Pause, PencilRuler, Play, Power } from "lucide-react";
import { useTranslation } from "react-i18next";
import { pauseWorkflow, resumeWorkflow, switchOff, switchOn } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import { versionsQuery, type WorkflowRow, workflowQuery, workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Page } from "@/components/Page";
import { Table, Td, Th } from "@/components/Table";
import { tell } from "@/components/toast";
import { dateTime } from "@/lib/format";
import { NodeList } from "./NodeList";
import { WorkflowState } from "./WorkflowState";

const route = getRouteApi("/inside/workflows/$workflow");

export function WorkflowPage() {
  const { t } = useTranslation();
  const { workflow } = route.useParams();
  const row = useQuery(workflowsQuery).data?.find((each) => each.id === workflow);
  const definition = useQuery(workflowQuery(workflow));
  return (
    <Page
      title={row?.name ?? definition.data?.name ?? workflow}
      note={definition.data?.description || (row?.paused ? t("workflows.pausedWhy", { why: row.paused }) : undefined)}
      actions={row && <Actions row={row} />}
    >
      <Card flush title={t("workflows.nodes")}>
        <Async query={definition}>{(found) => <NodeList definition={found} />}</Async>
      </Card>
      <Versions workflow={workflow} />
    </Page>
  );
}

function Actions({ row }: { row: WorkflowRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const path = { workflow: row.id };
  const ways = {
    on: () => switchOn({ path, body: {}, throwOnError: true }),
    off: () => switchOff({ path, throwOnError: true }),
    pause: () => pauseWorkflow({ path, body: {}, throwOnError: true }),
    resume: () => resumeWorkflow({ path, throwOnError: true }),
  };
  const act = useMutation({
    mutationFn: (way: keyof typeof ways) => ways[way]() as Promise<unknown>,
    onSuccess: (_, way) => {
      tell(t(`workflows.told.${way}`, { name: row.name }));
      void queries.invalidateQueries({ queryKey: ["workflows"] });
      void queries.invalidateQueries({ queryKey: ["versions", row.id] });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return (
    <>
      <WorkflowState row={row} />
      <Link to="/workflows/$workflow/design" params={{ workflow: row.id }} className={buttonClasses("plain")}>
        <PencilRuler aria-hidden />
        {t("canvas.design")}
      </Link>
      <Link
        to="/measure/$workflow"
        params={{ workflow: row.id }}
        search={{ days: undefined }}
        className={buttonClasses("plain")}
      >
        <ChartNoAxesColumn aria-hidden />
        {t("workflows.measure")}
      </Link>
      {may("workflow:update") && row.status === "on" && (
        <Button icon={<Pause aria-hidden />} busy={act.isPending} onClick={() => act.mutate("pause")}>
          {t("workflows.pause")}
        </Button>
      )}
      {may("workflow:update") && row.status === "paused" && (
        <Button look="primary" icon={<Play aria-hidden />} busy={act.isPending} onClick={() => act.mutate("resume")}>
          {t("workflows.resume")}
        </Button>
      )}
      {may("workflow:publish") && row.status !== "off" && (
        <Button look="danger" icon={<Power aria-hidden />} busy={act.isPending} onClick={() => act.mutate("off")}>
          {t("workflows.off")}
        </Button>
      )}
      {may("workflow:publish") && row.status === "off" && (
        <Button look="primary" icon={<Power aria-hidden />} busy={act.isPending} onClick={() => act.mutate("on")}>
          {t("workflows.on")}
        </Button>
      )}
    </>
  );
}

function Versions({ workflow }: { workflow: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const versions = useQuery(versionsQuery(workflow));
  const activate = useMutation({
    mutationFn: (version: number) => switchOn({ path: { workflow }, body: { version }, throwOnError: true }),
    onSuccess: (_, version) => {
      tell(t("workflows.activated", { version }));
      for (const key of [["versions", workflow], ["workflow", workflow], ["workflows"]])
        void queries.invalidateQueries({ queryKey: key });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return (
    <Card flush title={t("workflows.history")} note={t("workflows.historyNote")}>
      <Async query={versions} rows={3}>
        {(rows) => (
          <Table
            label={t("workflows.history")}
            head={
              <>
                <Th>{t("workflows.version")}</Th>
                <Th>{t("workflows.published")}</Th>
                <Th>{t("workflows.publishedBy")}</Th>
                <Th />
              </>
            }
          >
            {rows.map((row) => (
              <tr key={row.version} className="hover:bg-hover">
                <Td className="font-medium">
                  {row.version} {row.active && <Badge tone="good">{t("workflows.active")}</Badge>}
                </Td>
                <Td className="whitespace-nowrap text-muted">{dateTime(row.published_at)}</Td>
                <Td className="text-muted">{row.published_by}</Td>
                <Td className="text-right">
                  {!row.active && may("workflow:publish") && (
                    <Button small busy={activate.isPending} onClick={() => activate.mutate(row.version)}>
                      {t("workflows.activate")}
                    </Button>
                  )}
                </Td>
              </tr>
            ))}
          </Table>
        )}
      </Async>
    </Card>
  );
}
