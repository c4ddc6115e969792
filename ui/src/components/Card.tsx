import type { ReactNode } from "react";
import { classes } from "@/lib/classes";

/** A surface with an optional head; `flush` lets a table reach its edges. */
export function Card({
  title,
  note,
  action,
  flush,
  children,
  className,
}: {
  title?: ReactNode;
  note?: ReactNode;
  action?: ReactNode;
  flush?: boolean;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classes("rounded-xl border border-line bg-surface shadow-card", className)}>
      {title && (
        <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2 pb-1">
          <h2 className="text-base font-semibold">{title}</h2>
          {note && <p className="text-sm text-muted">{note}</p>}
          {action && <div className="ml-auto flex items-center gap-2">{action}</div>}
        </header>
      )}
      <div
        className={
          flush ? classes("overflow-hidden rounded-b-xl", !title && "rounded-t-xl") : classes("p-4", !!title && "pt-1")
        }
      >
        {children}
      </div>
    </section>
  );
}
