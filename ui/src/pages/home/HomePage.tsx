import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity, CheckSquare, CircleX, LayoutTemplate, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { overviewQuery } from "@/api/metrics";
import { runCountsQuery } from "@/api/runs";
import { useSession } from "@/api/session";
import { openTasksQuery } from "@/api/tasks";
import { type WorkflowRow, workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { Tile } from "@/components/Tile";
import { number } from "@/lib/format";
import { WorkflowFigures } from "./WorkflowFigures";

const MOST = 12;

export function HomePage() {
  const { t } = useTranslation();
  const session = useSession();
  const workflows = useQuery(workflowsQuery);
  return (
    <Page title={t("home.title")} note={t("home.greeting", { name: session.name })}>
      <Totals />
      <Async query={workflows}>{(rows) => (rows.length ? <Figures workflows={rows} /> : <Begin />)}</Async>
    </Page>
  );
}

const MARK = "text-ink underline-offset-4 hover:underline";

/** A number of runs, and the way to them. */
function Runs({ status, count }: { status: string; count: number }) {
  return (
    <Link to="/runs" search={{ status }} className={MARK}>
      {number(count)}
    </Link>
  );
}

function Totals() {
  const { t } = useTranslation();
  const counts = Object.values(useQuery(runCountsQuery).data ?? {});
  const sum = (status: string) => counts.reduce((total, each) => total + (each[status] ?? 0), 0);
  const tasks = useQuery(openTasksQuery).data;
  const open = tasks?.total ?? 0;
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile
        icon={CheckSquare}
        label={t("home.openTasks")}
        value={
          <Link to="/tasks" search={{ who: "all" }} className={MARK}>
            {number(open)}
          </Link>
        }
        note={t("home.overdue", { count: tasks?.overdue ?? 0 })}
      />
      <Tile
        icon={Activity}
        label={t("home.waiting")}
        value={<Runs status="waiting" count={sum("waiting")} />}
        note={t("home.waitingNote")}
      />
      <Tile
        icon={Workflow}
        label={t("home.completed")}
        value={<Runs status="completed" count={sum("completed")} />}
        note={t("home.completedNote")}
      />
      <Tile
        icon={CircleX}
        label={t("home.failed")}
        value={<Runs status="failed" count={sum("failed")} />}
        note={t("home.failedNote")}
      />
    </dl>
  );
}

function Figures({ workflows }: { workflows: WorkflowRow[] }) {
  const { t } = useTranslation();
  const active = workflows.filter((row) => row.version !== null);
  const overview = useQuery(overviewQuery);
  if (!active.length) return <Unpublished />;
  return (
    <Card
      flush
      title={t("home.measured")}
      note={t("home.measuredNote")}
      action={
        active.length > MOST && (
          <Link to="/workflows" className={buttonClasses("quiet", true)}>
            {t("home.allWorkflows", { shown: number(active.length) })}
          </Link>
        )
      }
    >
      <ul className="divide-y divide-line border-t border-line">
        {active.slice(0, MOST).map((row) => (
          <WorkflowFigures key={row.id} workflow={row} query={overview} />
        ))}
      </ul>
    </Card>
  );
}

function Unpublished() {
  const { t } = useTranslation();
  return (
    <Card>
      <Empty
        icon={Workflow}
        title={t("home.unpublishedTitle")}
        action={
          <Link to="/workflows" className={buttonClasses("primary")}>
            {t("home.unpublishedAction")}
          </Link>
        }
      >
        {t("home.unpublishedNote")}
      </Empty>
    </Card>
  );
}

function Begin() {
  const { t } = useTranslation();
  return (
    <Card>
      <Empty
        icon={LayoutTemplate}
        title={t("home.beginTitle")}
        action={
          <Link to="/templates" className={buttonClasses("primary")}>
            {t("home.beginAction")}
          </Link>
        }
      >
        {t("home.beginNote")}
      </Empty>
    </Card>
  );
}
