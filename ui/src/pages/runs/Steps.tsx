import { CircleCheck, CircleX, SkipForward } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { StepRow } from "@/api/runs";
import { Table, Td, Th } from "@/components/Table";
import { between, dateTime, number, span } from "@/lib/format";

const ICONS: Record<string, [typeof CircleCheck, string]> = {
  ok: [CircleCheck, "text-good"],
  failed: [CircleX, "text-bad"],
};

/** The steps in order: what came in and went out, which way it left, how long it took. */
export function Steps({ steps, onOpen }: { steps: StepRow[]; onOpen: (node: string) => void }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("runs.steps")}
      head={
        <>
          <Th>{t("home.step")}</Th>
          <Th>{t("runs.began")}</Th>
          <Th numeric>{t("runs.took")}</Th>
          <Th numeric>{t("runs.itemsIn")}</Th>
          <Th numeric>{t("runs.itemsOut")}</Th>
          <Th>{t("runs.left")}</Th>
        </>
      }
    >
      {steps.map((step, place) => {
        const [Icon, tone] = ICONS[step.outcome] ?? [SkipForward, "text-muted"];
        return (
          <tr key={`${step.node}${place.toString()}`} className="hover:bg-hover">
            <Td className="min-w-52">
              <span className="flex items-center gap-2">
                <Icon className={`size-4 shrink-0 ${tone}`} aria-hidden />
                <button
                  type="button"
                  className="text-left font-medium underline-offset-2 hover:underline"
                  onClick={() => onOpen(step.node)}
                >
                  {step.name}
                </button>
                <span className="sr-only">{t(`runs.outcome.${step.outcome}`, step.outcome)}</span>
                {step.attempt > 1 && (
                  <span className="text-sm text-muted">{t("runs.attempt", { number: step.attempt })}</span>
                )}
              </span>
              {step.error && <span className="mt-0.5 block pl-6 font-mono text-xs text-bad">{step.error}</span>}
            </Td>
            <Td className="whitespace-nowrap text-muted">{dateTime(step.enabled_at)}</Td>
            <Td numeric className="whitespace-nowrap">
              {span(between(step.enabled_at, step.ended_at))}
            </Td>
            <Td numeric>{number(step.items_in)}</Td>
            <Td numeric>{number(step.items_out)}</Td>
            <Td className="text-muted">{step.port ?? "–"}</Td>
          </tr>
        );
      })}
    </Table>
  );
}
