import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { dismiss, useToasts } from "./toast";

/** Shows the messages; a screen reader speaks them. */
export function Toasts() {
  const { t } = useTranslation();
  return (
    <section
      aria-live="polite"
      aria-label={t("common.messages")}
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
    >
      {useToasts().map((toast) => (
        <div
          key={toast.id}
          className="animate-appear pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised p-3 shadow-pop"
        >
          {toast.tone === "good" ? (
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
          ) : (
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
          )}
          <p className="min-w-0 flex-1 text-base break-words">{toast.text}</p>
          {toast.action && (
            <Button
              small
              look="quiet"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <Button
            small
            look="quiet"
            className="-my-1"
            icon={<X aria-hidden />}
            aria-label={t("common.close")}
            onClick={() => dismiss(toast.id)}
          />
        </div>
      ))}
    </section>
  );
}
