import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LayoutTemplate, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { runCountsQuery } from "@/api/runs";
import { type WorkflowRow, workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { Table, Td, Th } from "@/components/Table";
import { ago, dateTime, number } from "@/lib/format";
import { WorkflowState } from "./WorkflowState";

export function WorkflowsPage() {
  const { t } = useTranslation();
  const workflows = useQuery(workflowsQuery);
  return (
    <Page
      title={t("workflows.title")}
      note={t("workflows.note")}
      actions={
        <Link to="/templates" className={buttonClasses("primary")}>
          <LayoutTemplate aria-hidden />
          {t("workflows.fromTemplate")}
        </Link>
      }
    >
      <Card flush>
        <Async query={workflows}>{(rows) => (rows.length ? <Rows rows={rows} /> : <None />)}</Async>
      </Card>
    </Page>
  );
}

function None() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={Workflow}
      title={t("workflows.none")}
      action={
        <Link to="/templates" className={buttonClasses("primary")}>
          {t("workflows.fromTemplate")}
        </Link>
      }
    >
      {t("workflows.noneNote")}
    </Empty>
  );
}

function Rows({ rows }: { rows: WorkflowRow[] }) {
  const { t } = useTranslation();
  const counts = useQuery(runCountsQuery).data ?? {};
  return (
    <Table
      label={t("workflows.title")}
      head={
        <>
          <Th>{t("workflows.name")}</Th>
          <Th>{t("runs.state")}</Th>
          <Th numeric>{t("workflows.version")}</Th>
          <Th numeric>{t("runs.status.waiting")}</Th>
          <Th numeric>{t("runs.status.completed")}</Th>
          <Th numeric>{t("runs.status.failed")}</Th>
          <Th>{t("workflows.updated")}</Th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id} className="hover:bg-hover">
          <Td className="min-w-56">
            <Link
              to="/workflows/$workflow"
              params={{ workflow: row.id }}
              className="font-medium underline-offset-2 hover:underline"
            >
              {row.name}
            </Link>
          </Td>
          <Td>
            <WorkflowState row={row} />
          </Td>
          <Td numeric>{row.version ?? "–"}</Td>
          <Td numeric>{number(counts[row.name]?.waiting ?? 0)}</Td>
          <Td numeric>{number(counts[row.name]?.completed ?? 0)}</Td>
          <Td numeric>{number(counts[row.name]?.failed ?? 0)}</Td>
          <Td className="whitespace-nowrap text-muted">
            <time dateTime={row.updated_at} title={dateTime(row.updated_at)}>
              {ago(row.updated_at)}
            </time>
          </Td>
        </tr>
      ))}
    </Table>
  );
}
