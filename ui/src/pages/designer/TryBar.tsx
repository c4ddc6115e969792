import { FlaskConical, RotateCw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDesigner } from "@/canvas/DesignerContext";
import { nodeName } from "@/canvas/document";
import { Button } from "@/components/Button";
import { sentence } from "@/components/Failure";
import { RunStatus } from "@/components/RunStatus";
import { useTrying } from "./useTryout";

const CAUGHT = ["mails", "calls", "records", "people"] as const;

/** How the try-out went, what was caught on its way out, and whether the draft has changed since. */
export function TryBar() {
  const { t } = useTranslation();
  const { definition } = useDesigner();
  const { result, source, stale, busy, start, ask, clear } = useTrying();
  if (!result) return null;
  const caught = CAUGHT.filter((kind) => result.caught[kind]).map((kind) =>
    t(`canvas.try.caught.${kind}`, { count: result.caught[kind] }),
  );
  return (
    <section
      aria-label={t("canvas.try.result")}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-raised px-3 py-1.5 text-sm"
    >
      <FlaskConical aria-hidden className="size-4 text-muted" />
      <RunStatus status={result.status} />
      <span className="min-w-0 truncate font-medium">{source?.label}</span>
      <span role="status" className="text-muted">
        {stale
          ? t("canvas.try.stale")
          : caught.length
            ? t("canvas.try.caughtAll", { list: caught.join(", ") })
            : t("canvas.try.nothing")}
      </span>
      {result.status === "waiting" && result.waiting_at[0] && (
        <span className="text-muted">
          {t("canvas.try.waits", { name: nodeName(definition, result.waiting_at[0]) })}
        </span>
      )}
      {result.status === "failed" && <span className="text-bad">{sentence(String(result.error?.message ?? ""))}</span>}
      <span className="flex-1" />
      <Button small look="quiet" icon={<RotateCw aria-hidden />} busy={busy} onClick={() => start()}>
        {t("canvas.try.again")}
      </Button>
      <Button small look="quiet" onClick={() => ask()}>
        {t("canvas.try.other")}
      </Button>
      <Button small look="quiet" icon={<X aria-hidden />} aria-label={t("canvas.try.close")} onClick={clear} />
    </section>
  );
}
