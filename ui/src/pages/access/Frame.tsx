import { type ReactNode, useEffect } from "react";
import { LanguageMenu, ThemeMenu } from "@/shell/TopBar";

/** The quiet page on which people come in. */
export function Frame({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Towpath`;
  }, [title]);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between px-4 py-3 sm:px-6">
        <span className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <img src="/app/favicon.svg" alt="" className="size-6" />
          Towpath
        </span>
        <span className="flex gap-1">
          <LanguageMenu />
          <ThemeMenu />
        </span>
      </header>
      <main className="flex flex-1 items-start justify-center px-4 pt-[9vh] pb-10">
        <div className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-card">
          <h1 className="text-xl font-semibold">{title}</h1>
          {note && <p className="mt-1 text-base text-muted">{note}</p>}
          <div className="mt-5">{children}</div>
        </div>
      </main>
    </div>
  );
}
