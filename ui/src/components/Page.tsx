import { type ReactNode, useEffect } from "react";
import { classes } from "@/lib/classes";

/** The frame of every page: its title (also the browser's), what it is about, its actions. With `filled` it is as high
 * as the window, so that what is long scrolls inside. */
export function Page({
  title,
  note,
  actions,
  wide,
  filled,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  filled?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Towpath`;
  }, [title]);
  return (
    <div
      className={classes(
        "mx-auto flex w-full flex-col gap-5 px-4 py-5 sm:px-7 sm:py-6",
        filled ? "min-h-0 flex-1" : "flex-1 shrink-0",
        !wide && "max-w-6xl",
      )}
    >
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-full sm:basis-0">
          <h1 className="truncate text-xl font-semibold">{title}</h1>
          {note && <div className="mt-0.5 text-base text-muted">{note}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
