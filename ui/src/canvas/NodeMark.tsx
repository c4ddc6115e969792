import { Check, Clock3, type LucideIcon, SkipForward, X } from "lucide-react";
import { classes } from "@/lib/classes";
import type { Mark, NodeState } from "./overlay";

const LOOKS: Record<Exclude<NodeState, "unreached">, [LucideIcon, string]> = {
  ok: [Check, "border-good bg-good-soft text-good"],
  failed: [X, "border-bad bg-bad-soft text-bad"],
  waiting: [Clock3, "border-info bg-info-soft text-info"],
  skipped: [SkipForward, "border-line-strong bg-sunken text-muted"],
};

/** In the corner of a card: what became of the step, and a few figures. */
export function NodeMark({ mark }: { mark: Mark }) {
  const [Icon, look] =
    mark.state && mark.state !== "unreached" ? LOOKS[mark.state] : [null, "border-line-strong bg-surface text-muted"];
  if (!Icon && !mark.note) return null;
  return (
    <span
      title={mark.label}
      className={classes(
        "step-mark numeric absolute -top-3 right-3 flex h-6 min-w-6 items-center justify-center gap-1 rounded-full border px-1 text-xs font-medium",
        mark.note && "px-2",
        look,
      )}
    >
      {Icon && <Icon className="size-3.5" aria-hidden />}
      {mark.note}
      {mark.label && <span className="sr-only">{mark.label}</span>}
    </span>
  );
}
