import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw, StepForward } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "@/api/definition";
import { moveRun, retryRun } from "@/api/generated";
import { asProblem } from "@/api/problem";
import type { RunAnswer } from "@/api/runs";
import { useMay } from "@/api/session";
import { nodeName } from "@/canvas/document";
import { failedNode } from "@/canvas/overlay";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { AreaField, SelectField } from "@/components/Field";
import { tell } from "@/components/toast";
import { parsedItems } from "@/lib/items";

interface Props {
  node: string;
  definition: Definition;
  found: RunAnswer;
}

/** Lets a run that waits or has failed go on at this node: the failed step again, or another one, with other input. */
export function GoOn(props: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const { node, definition, found } = props;
  const stands = found.waiting_at.length > 0 && definition.nodes[node]?.type.startsWith("trigger.") === false;
  if (!stands || !may("run:execute")) return null;
  const again = isRetry(found, node);
  return (
    <>
      <Button small icon={again ? <RotateCw aria-hidden /> : <StepForward aria-hidden />} onClick={() => setOpen(true)}>
        {t(again ? "runs.editRetry" : "runs.goOn")}
      </Button>
      <Dialog
        wide
        open={open}
        onClose={() => setOpen(false)}
        title={t(again ? "runs.editRetryAt" : "runs.goOnAt", { name: nodeName(definition, node) })}
      >
        <Form {...props} done={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ node, definition, found, done }: Props & { done: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const run = found.summary.id;
  const again = isRetry(found, node);
  const failed = found.waiting_at.find((each) => each.node === failedNode(found.error));
  const [place, setPlace] = useState((failed ?? found.waiting_at[0])?.node ?? "");
  const leaving = found.waiting_at.find((each) => each.node === place);
  const before = JSON.stringify(leaving?.items ?? [], null, 2);
  const [text, setText] = useState<string | null>(null); // null: as it is
  const items = text === null ? undefined : parsedItems(text);
  const whole = leaving?.count === leaving?.items.length;
  const going = useMutation({
    mutationFn: () =>
      (again
        ? retryRun({ path: { run }, body: { items }, throwOnError: true })
        : moveRun({ path: { run }, body: { to: node, place, items }, throwOnError: true })) as Promise<unknown>,
    onSuccess: () => {
      tell(t("runs.goesOn", { name: nodeName(definition, node) }));
      void queries.invalidateQueries({ queryKey: ["run", run] });
      done();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    going.mutate();
  };
  const problem = going.error && asProblem(going.error);
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {!again && <p className="text-muted">{t("runs.goOnNote", { name: nodeName(definition, place) })}</p>}
      {!again && found.waiting_at.length > 1 && (
        <SelectField label={t("runs.leaves")} value={place} onChange={(event) => setPlace(event.target.value)}>
          {found.waiting_at.map((each) => (
            <option key={each.node} value={each.node}>
              {each.name}
            </option>
          ))}
        </SelectField>
      )}
      <AreaField
        label={t("runs.itemsJson")}
        hint={whole ? undefined : t("runs.tooMany", { count: leaving?.count ?? 0 })}
        error={items === null ? t("runs.notItems") : undefined}
        rows={12}
        className="font-mono text-sm!"
        spellCheck={false}
        readOnly={!whole}
        value={text ?? before}
        onChange={(event) => setText(event.target.value)}
      />
      {problem && (
        <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
          {problem.message} {problem.hint}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={done}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" busy={going.isPending} disabled={items === null}>
          {t(again ? "runs.retry" : "runs.goOn")}
        </Button>
      </div>
    </form>
  );
}

function isRetry(found: RunAnswer, node: string): boolean {
  return found.summary.status === "failed" && failedNode(found.error) === node;
}
