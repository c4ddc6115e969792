import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Footprints } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePreference } from "@/api/notifications";
import { useSession } from "@/api/session";
import { type WorkflowRow, workflowsQuery } from "@/api/workflows";
import { Button } from "@/components/Button";
import { goToStep, useStep } from "./tourStore";

const STEPS = ["measure", "design", "work"] as const;

/** Three steps over what is there: how the work goes, how it is drawn, where people do it. It begins by itself once. */
export function Tour() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const step = useStep();
  const [kept, keep] = usePreference("tour");
  const workflows = useQuery(workflowsQuery).data ?? [];
  const home = useLocation({ select: (location) => location.pathname === "/" });
  const begins = home && session.person && kept === null && workflows.length > 0;
  useEffect(() => {
    if (begins) goToStep(0);
  }, [begins]);
  const name = step === null ? undefined : STEPS[step];
  if (step === null || !name) return null;
  const go = (next: number) => {
    goToStep(next);
    void navigate(addressOf(next, workflows));
  };
  const leave = () => {
    goToStep(null);
    if (kept !== "done") keep("done");
  };
  return (
    <section
      aria-label={t("tour.title")}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-accent-soft px-4 py-2.5 sm:px-7"
    >
      <Footprints className="hidden size-5 shrink-0 text-accent-strong sm:block" aria-hidden />
      <p aria-live="polite" className="min-w-0 flex-1 basis-72 text-base">
        <span className="font-semibold">{t(`tour.${name}.title`)}</span>{" "}
        <span className="text-muted">{t("tour.of", { step: step + 1, steps: STEPS.length })}</span>
        <span className="block">{t(`tour.${name}.note`)}</span>
      </p>
      <div className="flex gap-2">
        {step > 0 && (
          <Button small onClick={() => go(step - 1)}>
            {t("common.back")}
          </Button>
        )}
        {step < STEPS.length - 1 ? (
          <Button small look="primary" onClick={() => go(step + 1)}>
            {t("tour.next")}
          </Button>
        ) : (
          <Button small look="primary" onClick={leave}>
            {t("tour.end")}
          </Button>
        )}
        {step < STEPS.length - 1 && (
          <Button small onClick={leave}>
            {t("tour.leave")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Where a step of the tour is seen; without a workflow the templates stand in for its drawing. */
export function addressOf(step: number, workflows: WorkflowRow[]) {
  const [first] = workflows;
  if (step === 0) return { to: "/" } as const;
  if (step === 2) return { to: "/tasks", search: { who: "all" } } as const;
  return first
    ? ({ to: "/workflows/$workflow/design", params: { workflow: first.id } } as const)
    : ({ to: "/templates" } as const);
}
