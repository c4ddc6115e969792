/** Leaving the designer loses nothing: what is not saved yet is saved first, and only a refusal holds one back. */
import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { Keeping } from "./useDraft";

export function useLeaving(keeping: Keeping): void {
  const { t } = useTranslation();
  const { isUnsaved, flush } = keeping;
  useBlocker({
    enableBeforeUnload: isUnsaved,
    shouldBlockFn: async () => {
      if (!isUnsaved()) return false;
      try {
        await flush();
        return false;
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code === "draft.conflict") return true; // the dialog asks what to do
        return !confirm(t("canvas.leaveUnsaved", { why: problem.message }));
      }
    },
  });
  useEffect(() => {
    const hide = () => {
      if (document.visibilityState === "hidden" && isUnsaved()) void flush().catch(() => {});
    };
    document.addEventListener("visibilitychange", hide);
    return () => document.removeEventListener("visibilitychange", hide);
  }, [isUnsaved, flush]);
}
