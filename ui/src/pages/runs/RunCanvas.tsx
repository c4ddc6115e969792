import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "@/api/definition";
import type { RunAnswer } from "@/api/runs";
import { workflowQuery } from "@/api/workflows";
import { type Overlay, wayOf } from "@/canvas/overlay";
import type { Selection } from "@/canvas/useDocument";
import { Viewer } from "@/canvas/Viewer";
import { Async } from "@/components/Async";
import { StepPanel } from "./StepPanel";

interface Shown {
  found: RunAnswer;
  selection: Selection;
  select: (selection: Selection) => void;
}

/** The workflow as it was when the run began, with the run's way lit; beside it the step that is chosen. */
export function RunCanvas(props: Shown) {
  const { summary } = props.found;
  const query = useQuery(workflowQuery(summary.workflow_id, summary.version));
  return <Async query={query}>{(definition) => <Drawn definition={definition} {...props} />}</Async>;
}

function Drawn({ definition, found, selection, select }: Shown & { definition: Definition }) {
  const { t } = useTranslation();
  const overlay = useMemo<Overlay>(() => {
    const way = wayOf(definition, found);
    const named = Object.entries(way.nodes).map(([id, mark]) => [id, { ...mark, label: t(`runs.node.${mark.state}`) }]);
    return { ...way, nodes: Object.fromEntries(named) };
  }, [definition, found, t]);
  const node = selection.nodes.at(-1);
  return (
    <section
      aria-label={t("runs.path")}
      className="overflow-hidden rounded-xl border border-line bg-surface shadow-card"
    >
      <div className="h-80 border-b border-line">
        <Viewer definition={definition} overlay={overlay} selection={selection} select={select} />
      </div>
      <div className="p-4">
        {node && definition.nodes[node] ? (
          <StepPanel key={node} node={node} definition={definition} found={found} />
        ) : (
          <p className="text-muted">{t("runs.chooseNode")}</p>
        )}
      </div>
    </section>
  );
}
