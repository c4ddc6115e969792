import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Ban, RotateCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelRun, retryRun } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { type RunAnswer, runQuery } from "@/api/runs";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Dialog } from "@/components/Dialog";
import { Page } from "@/components/Page";
import { RunStatus } from "@/components/RunStatus";
import { tell } from "@/components/toast";
import { between, dateTime, span } from "@/lib/format";
import { useLive } from "@/lib/live";
import { Kept, Said, Sent, Waits } from "./Parts";
import { Steps } from "./Steps";
import { Trouble } from "./Trouble";

const route = getRouteApi("/inside/runs/$run");

export function RunPage() {
  const { t } = useTranslation();
  const { run } = route.useParams();
  const query = useQuery(runQuery(run));
  useLive([["run", run]]);
  const found = query.data;
  return (
    <Page
      title={found?.summary.workflow ?? t("runs.run")}
      note={found && <Facts found={found} />}
      actions={found && <Actions found={found} />}
    >
      <Async query={query}>{(shown) => <Everything found={shown} />}</Async>
    </Page>
  );
}

function Facts({ found }: { found: RunAnswer }) {
  const { t } = useTranslation();
  const { summary } = found;
  const [object, record] = related(summary.record, found);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <RunStatus status={summary.status} />
      <span>{t("home.version", { version: summary.version })}</span>
      <span>{t("runs.startedAt", { time: dateTime(summary.started_at) })}</span>
      {summary.ended_at && (
        <span>{t("runs.tookNote", { time: span(between(summary.started_at, summary.ended_at)) })}</span>
      )}
      {object && record && (
        <Link
          to="/records/$object/$record"
          params={{ object, record }}
          className="text-accent-strong underline-offset-2 hover:underline"
        >
          {t("runs.record")}
        </Link>
      )}
    </div>
  );
}

/** The record that a run is of, with its object, where the run's data name it. */
function related(record: string | null, found: RunAnswer): [string | null, string | null] {
  const object = found.globals.object ?? found.globals.record_object;
  return [typeof object === "string" ? object : null, record];
}

function Actions({ found }: { found: RunAnswer }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const run = found.summary.id;
  const done = (text: string) => () => {
    tell(text);
    setAsking(false);
    void queries.invalidateQueries({ queryKey: ["run", run] });
  };
  const failed = (error: unknown) => tell(asProblem(error).message, "bad");
  const retry = useMutation({
    mutationFn: () => retryRun({ path: { run }, body: {}, throwOnError: true }),
    onSuccess: done(t("runs.retried")),
    onError: failed,
  });
  const cancel = useMutation({
    mutationFn: () => cancelRun({ path: { run }, throwOnError: true }),
    onSuccess: done(t("runs.cancelled")),
    onError: failed,
  });
  if (!may("run:execute")) return null;
  return (
    <>
      {found.summary.status === "failed" && (
        <Button look="primary" icon={<RotateCw aria-hidden />} busy={retry.isPending} onClick={() => retry.mutate()}>
          {t("runs.retry")}
        </Button>
      )}
      {found.summary.status === "waiting" && (
        <Button look="danger" icon={<Ban aria-hidden />} onClick={() => setAsking(true)}>
          {t("runs.cancel")}
        </Button>
      )}
      <Dialog open={asking} onClose={() => setAsking(false)} title={t("runs.cancelTitle")}>
        <p className="text-base text-muted">{t("runs.cancelNote")}</p>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t("runs.keep")}</Button>
          <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("runs.cancel")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function Everything({ found }: { found: RunAnswer }) {
  const { t } = useTranslation();
  return (
    <>
      {found.error && <Trouble error={found.error} />}
      {!!found.waiting_at.length && <Waits rows={found.waiting_at} />}
      <Card flush title={t("runs.steps")} note={t("runs.stepsNote", { count: found.steps.length })}>
        <Steps steps={found.steps} />
      </Card>
      {!!found.effects.length && <Sent rows={found.effects} />}
      {!!found.notices.length && <Said rows={found.notices} />}
      {!!found.data.length && <Kept rows={found.data} />}
    </>
  );
}
