import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import { merge } from "@/api/duplicates";
import type { MergeBody } from "@/api/generated";
import { type ObjectSchema, useNames, useObjects } from "@/api/objects";
import { nameOf, type RecordRow } from "@/api/records";
import { Failure } from "@/components/Failure";
import { number } from "@/lib/format";

/** What a merge would do, as a trial on the server has found it. */
export function Foretold({ object, body, gone }: { object: ObjectSchema; body: MergeBody; gone: RecordRow }) {
  const { t } = useTranslation();
  const names = useNames();
  const objects = useObjects().data ?? [];
  const trial = useQuery({
    queryKey: ["merge", object.name, body],
    placeholderData: (before) => before,
    retry: false,
    queryFn: () => merge(object.name, { ...body, dry_run: true }),
  });
  if (trial.isError) return <Failure error={trial.error} />;
  const moved = Object.entries(trial.data?.moved ?? {}).map(([name, count]) => {
    const schema = objects.find((each) => each.name === name);
    return `${schema ? names.plural(schema) : name}: ${number(count)}`;
  });
  const runs = trial.data?.runs ?? 0;
  if (runs) moved.push(`${t("shell.runs")}: ${number(runs)}`);
  return (
    <div className="flex gap-2.5 rounded-lg bg-info-soft p-3 text-base">
      <Info className="mt-0.5 size-4 shrink-0 text-info" aria-hidden />
      <ul aria-label={t("records.whatHappens")} className="flex flex-col gap-1">
        <li>{t("records.goneNote", { name: nameOf(object, gone) })}</li>
        <li>{moved.length ? t("records.movedNote", { list: moved.join(", ") }) : t("records.nothingMoves")}</li>
        <li>{t("records.mergeForGood")}</li>
      </ul>
    </div>
  );
}
