import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { CheckSquare, PartyPopper } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { inboxQuery, type TaskRow, tasksQuery } from "@/api/tasks";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { classes } from "@/lib/classes";
import { ago, dateTime } from "@/lib/format";
import { useLive } from "@/lib/live";
import { TaskPanel } from "./TaskPanel";

const route = getRouteApi("/inside/tasks");

export function TasksPage() {
  const { t } = useTranslation();
  const session = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const mine = search.who !== "all" && session.person;
  const inbox = useQuery({ ...inboxQuery(session.id), enabled: mine });
  const everybody = useQuery({ ...tasksQuery(), enabled: !mine });
  useLive([["tasks"]]);
  const go = (change: Partial<typeof search>) =>
    void navigate({ to: "/tasks", search: { ...search, ...change }, replace: true });
  const choose = (task?: string) => go({ task });
  return (
    <Page title={t("tasks.title")} note={t("tasks.note")}>
      {session.person && (
        <fieldset className="flex gap-1.5">
          <legend className="sr-only">{t("tasks.whose")}</legend>
          <Button
            small
            look={mine ? "primary" : "plain"}
            aria-pressed={mine}
            onClick={() => go({ who: undefined, task: undefined })}
          >
            {t("tasks.mine")}
          </Button>
          <Button
            small
            look={mine ? "plain" : "primary"}
            aria-pressed={!mine}
            onClick={() => go({ who: "all", task: undefined })}
          >
            {t("tasks.everybody")}
          </Button>
        </fieldset>
      )}
      {mine ? (
        <Async query={inbox}>{(found) => <Inbox groups={found} mine chosen={search.task} choose={choose} />}</Async>
      ) : (
        <Async query={everybody}>
          {(rows) => <Inbox groups={{ all: rows }} chosen={search.task} choose={choose} />}
        </Async>
      )}
    </Page>
  );
}

interface InboxProps {
  groups: Partial<Record<"mine" | "team" | "queue" | "role" | "all", TaskRow[]>>;
  mine?: boolean;
  chosen?: string;
  choose: (task?: string) => void;
}

function Inbox({ groups, mine, chosen, choose }: InboxProps) {
  const { t } = useTranslation();
  const shown = Object.entries(groups).filter(([, rows]) => rows.length);
  const task = shown.flatMap(([, rows]) => rows).find((row) => row.id === chosen);
  if (!shown.length) {
    return (
      <Card>
        <Empty
          icon={PartyPopper}
          title={t(mine ? "tasks.noneMine" : "tasks.none")}
          action={
            mine ? (
              <Link to="/tasks" search={{ who: "all" }} className={buttonClasses("plain")}>
                {t("tasks.showAll")}
              </Link>
            ) : (
              <Link to="/workflows" className={buttonClasses("plain")}>
                {t("tasks.toWorkflows")}
              </Link>
            )
          }
        >
          {t(mine ? "tasks.noneMineNote" : "tasks.noneNote")}
        </Empty>
      </Card>
    );
  }
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <Card flush className={task ? "hidden lg:block" : ""}>
        <div className="max-h-[70vh] overflow-y-auto">
          {shown.map(([name, rows]) => (
            <section key={name} aria-label={t(`tasks.groups.${name}`)}>
              {name !== "all" && (
                <h2 className="border-b border-line bg-sunken px-4 py-1.5 text-sm font-medium text-muted">
                  {t(`tasks.groups.${name}`)}
                </h2>
              )}
              <ul className="divide-y divide-line border-b border-line">
                {rows.map((row) => (
                  <Entry key={row.id} row={row} chosen={row.id === chosen} choose={choose} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </Card>
      {task ? (
        <TaskPanel key={task.id} task={task} onDone={() => choose(undefined)} />
      ) : (
        <Card className="hidden lg:block">
          <Empty icon={CheckSquare} title={t("tasks.choose")}>
            {t("tasks.chooseNote")}
          </Empty>
        </Card>
      )}
    </div>
  );
}

function Entry({ row, chosen, choose }: { row: TaskRow; chosen: boolean; choose: (task: string) => void }) {
  const { t } = useTranslation();
  return (
    <li>
      <button
        type="button"
        aria-current={chosen || undefined}
        onClick={() => choose(row.id)}
        className={classes(
          "flex w-full flex-col gap-1 px-4 py-3 text-left transition-colors hover:bg-hover",
          chosen && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <span className="flex w-full items-start gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{row.subject}</span>
          {row.kind === "approval" && <Badge tone="accent">{t("tasks.kinds.approval")}</Badge>}
        </span>
        <Due task={row} />
      </button>
    </li>
  );
}

export function Due({ task }: { task: TaskRow }) {
  const { t } = useTranslation();
  const late = !!task.dueAt && new Date(task.dueAt).getTime() < Date.now();
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      {task.dueAt && (
        <time dateTime={task.dueAt} title={dateTime(task.dueAt)} className={late ? "font-medium text-bad" : ""}>
          {t(late ? "tasks.overdue" : "tasks.due", { time: ago(task.dueAt) })}
        </time>
      )}
      {task.status === "Claimed" && <span>{t("tasks.claimed")}</span>}
      {task.workflow && <span className="truncate">{task.workflow}</span>}
    </span>
  );
}
