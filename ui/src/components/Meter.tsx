import { classes } from "@/lib/classes";

const FILLS = { green: "bg-good", amber: "bg-warn", red: "bg-bad" } as const;

/** A bar of a share; what it says stands beside it in words. */
export function Meter({ share, level, label }: { share: number | null; level?: string | null; label: string }) {
  const width = Math.max(0, Math.min(1, share ?? 0));
  const fill = FILLS[level as keyof typeof FILLS] ?? "bg-accent";
  return (
    <div
      role="img"
      aria-label={label}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
    >
      <div
        className={classes("h-full rounded-full", fill)}
        style={{ width: `${Math.max(width > 0 ? 2 : 0, width * 100)}%` }}
      />
    </div>
  );
}
