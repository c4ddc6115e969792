import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "@/lib/classes";
import { Button } from "./Button";

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  wide,
  bare,
  side,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  wide?: boolean;
  bare?: boolean;
  side?: boolean;
}) {
  const { t } = useTranslation();
  const element = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!open || !dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first]")?.focus(); // else the first thing that can have it gets the focus
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus(); // also where the dialog is taken away and not only closed
    };
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click is one beside it
    <dialog
      ref={element}
      aria-labelledby={label}
      onClose={onClose}
      onCancel={onClose}
      onClick={(event) => event.target === element.current && onClose()}
      className={classes(
        "bg-raised text-ink shadow-pop open:animate-appear",
        side
          ? "m-0 h-dvh max-h-dvh w-72 max-w-[85vw] border-r border-line"
          : "mx-auto mt-[12vh] max-h-[76vh] w-[calc(100vw-2rem)] overflow-hidden rounded-xl border border-line",
        !side && (wide ? "max-w-2xl" : "max-w-md"),
      )}
    >
      {open && (
        <div className="flex max-h-[inherit] flex-col">
          {bare ? (
            <h2 id={label} className="sr-only">
              {title}
            </h2>
          ) : (
            <header className="flex items-center gap-3 border-b border-line px-5 py-3">
              <h2 id={label} className="flex-1 text-lg font-semibold">
                {title}
              </h2>
              <Button look="quiet" small icon={<X aria-hidden />} aria-label={t("common.close")} onClick={onClose} />
            </header>
          )}
          <div className={classes("min-h-0 flex-1 overflow-y-auto", !bare && "p-5")}>{children}</div>
        </div>
      )}
    </dialog>
  );
}
