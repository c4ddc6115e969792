import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ProblemRow } from "@/api/design";
import { useDesigner } from "@/canvas/DesignerContext";
import { nodeName } from "@/canvas/document";

/** Everything that the check found; a click leads to the place. */
export function Problems() {
  const { t } = useTranslation();
  const { checked, select, definition } = useDesigner();
  const problems = checked?.problems ?? [];
  if (!problems.length) {
    return (
      <p className="flex items-center gap-2 px-4 py-6 text-muted">
        <CircleCheck aria-hidden className="size-4 text-good" />
        {checked ? t("canvas.noProblems") : t("canvas.checking")}
      </p>
    );
  }
  const go = (problem: ProblemRow) => {
    if (problem.node && problem.node in definition.nodes) select({ nodes: [problem.node], edges: [] });
    else if (problem.edge && problem.edge in definition.edges) select({ nodes: [], edges: [problem.edge] });
  };
  return (
    <ul className="divide-y divide-line">
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.node} ${problem.edge} ${problem.field}`}>
          <button
            type="button"
            className="flex w-full gap-2.5 px-4 py-2.5 text-left hover:bg-hover"
            onClick={() => go(problem)}
          >
            {problem.severity === "error" ? (
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
            ) : (
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
            )}
            <span className="min-w-0">
              {problem.node && <span className="font-medium">{nodeName(definition, problem.node)}: </span>}
              {problem.message}
              {problem.hint && <span className="block text-sm text-muted">{problem.hint}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
