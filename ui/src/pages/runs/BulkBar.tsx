import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, RotateCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { type Deed, doToRuns, type RunRow, type RunsAsked } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { tell } from "@/components/toast";
import { number } from "@/lib/format";

const STATUS: Record<Deed, string> = { retry: "failed", cancel: "waiting" };

interface Wish {
  deed: Deed;
  runs: string[] | null; // null: all that match
  count: number;
}

/** Retries or cancels the chosen runs, or all that the filters match. */
export function BulkBar({
  chosen,
  asked,
  counted,
  done,
}: {
  chosen: RunRow[];
  asked: RunsAsked;
  counted?: (status: string) => number; // none where all that match cannot be named
  done: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [wish, setWish] = useState<Wish | null>(null);
  const act = useMutation({
    mutationFn: ({ deed, runs }: Wish) => doToRuns(deed, runs, asked),
    onSuccess: (made, { deed }) => {
      tell(t(`runs.bulk.done.${deed}`, { count: made.done, shown: number(made.done) }));
      const [first] = made.refused;
      if (first) tell(t("runs.bulk.refused", { count: made.refused.length, why: first.message }), "bad");
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
    onSettled: () => {
      setWish(null);
      done();
      for (const key of [["runs"], ["run-counts"]]) void queries.invalidateQueries({ queryKey: key });
    },
  });
  const wishes = (["retry", "cancel"] as const).map((deed): Wish => {
    if (!chosen.length)
      return { deed, runs: null, count: asked.status === STATUS[deed] && counted ? counted(STATUS[deed]) : 0 };
    const runs = chosen.filter((row) => row.status === STATUS[deed]).map((row) => row.id);
    return { deed, runs, count: runs.length };
  });
  const possible = wishes.filter((each) => each.count > 0);
  return (
    <>
      {possible.map((each) => (
        <Button
          key={each.deed}
          small
          look={each.deed === "cancel" ? "danger" : "plain"}
          icon={each.deed === "retry" ? <RotateCw aria-hidden /> : <Ban aria-hidden />}
          onClick={() => setWish(each)}
        >
          {t(each.runs ? `runs.bulk.${each.deed}` : `runs.bulk.${each.deed}All`, { shown: number(each.count) })}
        </Button>
      ))}
      <Dialog open={!!wish} onClose={() => setWish(null)} title={t(`runs.bulk.title.${wish?.deed ?? "retry"}`)}>
        <p className="text-base text-muted">
          {t(`runs.bulk.note.${wish?.deed ?? "retry"}`, { count: wish?.count ?? 0, shown: number(wish?.count) })}
        </p>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setWish(null)}>{t("common.cancel")}</Button>
          <Button
            look={wish?.deed === "cancel" ? "danger" : "primary"}
            busy={act.isPending}
            onClick={() => wish && act.mutate(wish)}
          >
            {t(`runs.bulk.sure.${wish?.deed ?? "retry"}`)}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
