import { RotateCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Button } from "./Button";

/** A failure as the server tells it: what happened, what to do, and its code for those who ask for help. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const offline = problem.code === "network";
  return (
    <div role="alert" className="m-4 flex gap-3 rounded-lg bg-bad-soft p-4 text-base">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{offline ? t("common.offline") : sentence(problem.message)}</p>
        {problem.hint && <p className="text-muted">{problem.hint}</p>}
        {!!problem.problems?.length && (
          <ul className="mt-1 list-disc pl-5 text-muted">
            {problem.problems.slice(0, 8).map((each) => (
              <li key={`${each.code}${each.field}${each.message}`}>{each.message}</li>
            ))}
          </ul>
        )}
        <p className="mt-1 font-mono text-xs text-muted">{problem.code}</p>
      </div>
      {retry && (
        <Button small icon={<RotateCw aria-hidden />} onClick={retry}>
          {t("common.tryAgain")}
        </Button>
      )}
    </div>
  );
}

export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
