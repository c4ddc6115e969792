import { Check, Clock3, type LucideIcon, SkipForward, TrendingDown, X } from "lucide-react";
import { classes } from "@/lib/classes";
import type { Mark, NodeState } from "./overlay";

const CHIP =
  "numeric flex h-6 min-w-6 items-center justify-center gap-1 rounded-full border px-1 text-xs font-medium [&_svg]:size-3.5";
const BAD = "border-bad bg-bad-soft text-bad";
const LOOKS: Record<Exclude<NodeState, "unreached">, [LucideIcon, string]> = {
  ok: [Check, "border-good bg-good-soft text-good"],
  failed: [X, BAD],
  waiting: [Clock3, "border-info bg-info-soft text-info"],
  skipped: [SkipForward, "border-line-strong bg-sunken text-muted"],
};

/** On the edge of a card: what became of the step, or how many came here and how many ended here. */
export function NodeMark({ mark }: { mark: Mark }) {
  const [Icon, look] =
    mark.state && mark.state !== "unreached" ? LOOKS[mark.state] : [null, "border-line-strong bg-surface text-ink"];
  if (!Icon && !mark.note) return null;
  return (
    <span title={mark.label} className="step-mark absolute -top-3 right-3 flex gap-1">
      <span className={classes(CHIP, look, mark.note && "px-2")}>
        {Icon && <Icon aria-hidden />}
        {mark.note}
      </span>
      {mark.drop && (
        <span className={classes(CHIP, BAD, "px-2")}>
          <TrendingDown aria-hidden />
          {mark.drop}
        </span>
      )}
      {mark.label && <span className="sr-only">{mark.label}</span>}
    </span>
  );
}
