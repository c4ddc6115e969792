import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { sentence } from "./Failure";

/** Why a run failed: what happened, where, and what to do about it. */
export function Trouble({ error }: { error: Record<string, unknown> }) {
  const { t } = useTranslation();
  const where = (error.where ?? {}) as Record<string, unknown>;
  return (
    <section
      aria-label={t("runs.trouble")}
      className="flex gap-3 rounded-xl border border-line bg-bad-soft p-4 text-base"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium break-words">{sentence(String(error.message ?? error.code))}</p>
        {!!error.hint && <p className="break-words whitespace-pre-wrap text-muted">{String(error.hint)}</p>}
        <p className="mt-1 font-mono text-xs text-muted">
          {String(error.code)}
          {Object.entries(where).map(([name, value]) => ` · ${name}: ${String(value)}`)}
        </p>
      </div>
    </section>
  );
}
