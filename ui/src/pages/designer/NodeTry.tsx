import { Pin, PinOff, StepForward } from "lucide-react";
import { useTranslation } from "react-i18next";
import { update } from "@/canvas/commands";
import { useDesigner } from "@/canvas/DesignerContext";
import { Button } from "@/components/Button";
import { Items } from "@/components/Items";
import { Trouble } from "@/components/Trouble";
import { useTrying } from "./useTryout";

/** A node in a try-out: run to here, what came in and went out, and pinning what went out for the next time. */
export function NodeTry({ id }: { id: string }) {
  const { t } = useTranslation();
  const { definition, change, readOnly } = useDesigner();
  const { result, start, busy } = useTrying();
  const step = result?.steps.findLast((each) => each.node === id);
  const outputs = Object.entries(step?.data?.outputs ?? {});
  const inputs = Object.values(step?.data?.inputs ?? {}).flat();
  const pinned = definition.nodes[id]?.pinned;
  const pin = (items: Record<string, unknown>[] | undefined) => change((now) => update(now, id, { pinned: items }));
  return (
    <section aria-label={t("canvas.try.title")} className="m-4 flex flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex flex-wrap gap-2">
        <Button small icon={<StepForward aria-hidden />} busy={busy} onClick={() => start(id)}>
          {t("canvas.try.here")}
        </Button>
        {!readOnly && !!outputs[0]?.[1].length && !pinned && (
          <Button small icon={<Pin aria-hidden />} onClick={() => pin(outputs[0]?.[1])}>
            {t("canvas.try.pin")}
          </Button>
        )}
        {!readOnly && pinned && (
          <Button small icon={<PinOff aria-hidden />} onClick={() => pin(undefined)}>
            {t("canvas.try.unpin")}
          </Button>
        )}
      </div>
      {pinned && <Items label={t("canvas.try.pinned")} items={pinned} />}
      {step?.data?.error && <Trouble error={step.data.error} />}
      {step && <Items label={t("runs.input")} items={inputs} />}
      {outputs.map(([port, items]) => (
        <Items
          key={port}
          label={outputs.length > 1 ? `${t("runs.output")} · ${port}` : t("runs.output")}
          items={items}
          before={inputs}
        />
      ))}
    </section>
  );
}
