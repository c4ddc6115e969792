import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type RunAnswer, runQuery } from "@/api/runs";
import { failedNode } from "@/canvas/overlay";
import type { Selection } from "@/canvas/useDocument";
import { Async } from "@/components/Async";
import { Card } from "@/components/Card";
import { Page } from "@/components/Page";
import { RunStatus } from "@/components/RunStatus";
import { Trouble } from "@/components/Trouble";
import { between, dateTime, span } from "@/lib/format";
import { useLive } from "@/lib/live";
import { Said, Sent } from "./Parts";
import { RunActions } from "./RunActions";
import { RunCanvas } from "./RunCanvas";
import { Steps } from "./Steps";

const route = getRouteApi("/inside/runs/$run");

export function RunPage() {
  const { t } = useTranslation();
  const { run } = route.useParams();
  const query = useQuery(runQuery(run));
  useLive([["run", run]]);
  const found = query.data;
  return (
    <Page
      wide
      title={found?.summary.workflow ?? t("runs.run")}
      note={found && <Facts found={found} />}
      actions={found && <RunActions found={found} />}
    >
      <Async query={query}>{(shown) => <Everything found={shown} />}</Async>
    </Page>
  );
}

function Facts({ found }: { found: RunAnswer }) {
  const { t } = useTranslation();
  const { summary } = found;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <RunStatus status={summary.status} />
      <span>{t("home.version", { version: summary.version })}</span>
      <span>{t("runs.startedAt", { time: dateTime(summary.started_at) })}</span>
      {summary.ended_at && (
        <span>{t("runs.tookNote", { time: span(between(summary.started_at, summary.ended_at)) })}</span>
      )}
      {found.object && summary.record && (
        <Link
          to="/records/$object/$record"
          params={{ object: found.object, record: summary.record }}
          className="text-accent-strong underline-offset-2 hover:underline"
        >
          {t("runs.record")}
        </Link>
      )}
      {summary.record && (
        <Link
          to="/runs"
          search={{ record: summary.record }}
          className="text-accent-strong underline-offset-2 hover:underline"
        >
          {t("runs.itsRuns")}
        </Link>
      )}
    </div>
  );
}

function Everything({ found }: { found: RunAnswer }) {
  const { t } = useTranslation();
  const [selection, select] = useState<Selection>(() => ({ nodes: [first(found)].filter(Boolean), edges: [] }));
  return (
    <>
      {found.error && <Trouble error={found.error} />}
      <RunCanvas found={found} selection={selection} select={select} />
      <Card flush title={t("runs.steps")} note={t("runs.stepsNote", { count: found.steps.length })}>
        <Steps steps={found.steps} onOpen={(node) => select({ nodes: [node], edges: [] })} />
      </Card>
      {!!found.effects.length && <Sent rows={found.effects} />}
      {!!found.notices.length && <Said rows={found.notices} />}
    </>
  );
}

/** What one wants to see first: where it failed, else where it stands, else where it ended. */
function first(found: RunAnswer): string {
  const failed = found.summary.status === "failed" ? failedNode(found.error) : null;
  return failed ?? found.waiting_at[0]?.node ?? found.steps.at(-1)?.node ?? "";
}
