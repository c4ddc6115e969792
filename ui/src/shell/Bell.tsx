import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell as BellIcon, CheckSquare, CircleX, Hourglass, Stamp } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type NotificationRow, notificationsQuery, useMarkRead } from "@/api/notifications";
import { Button, buttonClasses } from "@/components/Button";
import { Empty } from "@/components/Empty";
import { classes } from "@/lib/classes";
import { ago, dateTime } from "@/lib/format";
import { useLive } from "@/lib/live";

const ICONS = { task: CheckSquare, approval: Stamp, time_limit: Hourglass, failed: CircleX };

/** What asks for the reader's attention: how much of it is new, and a list that leads there. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const rows = useQuery(notificationsQuery).data ?? [];
  useLive([["notifications"]]);
  const unread = rows.filter((row) => row.unread).length;
  const name = t("shell.notifications.bell", { count: unread });
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger aria-label={name} title={name} className={buttonClasses("quiet", false, true, "relative")}>
        <BellIcon aria-hidden />
        {unread > 0 && (
          <span
            className="numeric absolute top-0.5 right-0 min-w-4 rounded-full bg-bad px-1 text-[0.625rem] leading-4 font-semibold text-surface"
            aria-hidden
          >
            {unread > 9 ? "9+" : unread}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t("shell.notifications.title")}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="animate-appear z-50 outline-none flex max-h-(--radix-popover-content-available-height) w-96 max-w-[calc(100vw-1rem)] flex-col rounded-lg border border-line bg-raised shadow-pop"
        >
          <List rows={rows} unread={unread} onGo={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List({ rows, unread, onGo }: { rows: NotificationRow[]; unread: number; onGo: () => void }) {
  const { t } = useTranslation();
  const mark = useMarkRead();
  return (
    <>
      <header className="flex min-h-11 items-center gap-3 border-b border-line py-1.5 pr-2 pl-4">
        <h2 className="flex-1 text-base font-semibold">{t("shell.notifications.title")}</h2>
        {unread > 0 && (
          <Button small look="quiet" onClick={() => mark.mutate(null)}>
            {t("shell.notifications.markAll")}
          </Button>
        )}
      </header>
      {rows.length ? (
        <ul className="min-h-0 divide-y divide-line overflow-y-auto">
          {rows.map((row) => (
            <Entry
              key={row.id}
              row={row}
              onGo={() => {
                if (row.unread) mark.mutate([row.id]);
                onGo();
              }}
            />
          ))}
        </ul>
      ) : (
        <Empty
          icon={BellIcon}
          title={t("shell.notifications.none")}
          action={
            <Link to="/tasks" search={{ who: "all" }} className={buttonClasses("plain")} onClick={onGo}>
              {t("shell.notifications.toTasks")}
            </Link>
          }
        >
          {t("shell.notifications.noneNote")}
        </Empty>
      )}
    </>
  );
}

function Entry({ row, onGo }: { row: NotificationRow; onGo: () => void }) {
  const { t } = useTranslation();
  const Icon = ICONS[row.kind];
  const look = "flex items-start gap-3 px-4 py-2.5 transition-colors hover:bg-hover";
  const what = (
    <>
      <Icon
        className={classes("mt-0.5 size-4 shrink-0", row.kind === "failed" ? "text-bad" : "text-muted")}
        aria-hidden
      />
      <span className="min-w-0 flex-1">
        <span className={classes("block text-base", row.unread && "font-semibold")}>
          {t(`shell.notifications.${row.kind === "time_limit" && !row.text ? "run_limit" : row.kind}`, {
            text: row.text,
            workflow: row.workflow,
          })}
        </span>
        <span className="block text-sm text-muted" title={dateTime(row.at)}>
          {ago(row.at)}
        </span>
      </span>
      {row.unread && (
        <span className="mt-1.5 size-2 shrink-0 rounded-full bg-accent">
          <span className="sr-only">{t("shell.notifications.unread")}</span>
        </span>
      )}
    </>
  );
  return (
    <li>
      {row.task ? (
        <Link to="/tasks" search={{ task: row.task }} className={look} onClick={onGo}>
          {what}
        </Link>
      ) : (
        <Link to="/runs/$run" params={{ run: row.run ?? "" }} className={look} onClick={onGo}>
          {what}
        </Link>
      )}
    </li>
  );
}
