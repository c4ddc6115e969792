import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, RotateCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelRun, retryRun } from "@/api/generated";
import { asProblem } from "@/api/problem";
import type { RunAnswer } from "@/api/runs";
import { useMay } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { tell } from "@/components/toast";

/** What one does with a run: let a failed one go on, end one that waits. */
export function RunActions({ found }: { found: RunAnswer }) {
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
