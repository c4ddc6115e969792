import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/Dialog";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { FirstPassword } from "./FirstPassword";
import { Palette } from "./Palette";
import { Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";
import { Tour } from "./Tour";

/** What stands around every page: sidebar (a drawer on small screens), top bar, palette. */
export function Shell() {
  const { t } = useTranslation();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette((shown) => !shown);
      }
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);
  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#content"
        onClick={() => main.current?.focus()}
        className="absolute -top-20 left-3 z-50 rounded-lg bg-raised px-3 py-2 shadow-pop focus:top-3"
      >
        {t("shell.skip")}
      </a>
      <div className="hidden w-58 shrink-0 border-r border-line bg-surface md:block">
        <Sidebar />
      </div>
      <Dialog open={drawer} onClose={() => setDrawer(false)} title={t("shell.navigation")} bare side>
        <Sidebar onGo={() => setDrawer(false)} />
      </Dialog>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onMenu={() => setDrawer(true)} onSearch={() => setPalette(true)} />
        <FirstPassword />
        <Tour />
        <main
          id="content"
          ref={main}
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none"
        >
          <ErrorBoundary key={path}>
            <Outlet />
          </ErrorBoundary>
        </main>
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} />
    </div>
  );
}
