import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { useDesigner } from "@/canvas/DesignerContext";
import { EdgeForm } from "./EdgeForm";
import { NodePanel } from "./NodePanel";
import { NodeTry } from "./NodeTry";
import { useTrying } from "./useTryout";
import { WorkflowForm } from "./WorkflowForm";

/** What is selected, to be filled in: a node, an edge, several, or the workflow itself. */
export function Inspector() {
  const { t } = useTranslation();
  const may = useMay();
  const { result } = useTrying(); // what came of a try-out is more urgent than the form
  const { selection } = useDesigner();
  const [node] = selection.nodes;
  const [edge] = selection.edges;
  return (
    <aside
      aria-label={t("canvas.inspector")}
      className="w-90 shrink-0 overflow-y-auto border-l border-line bg-surface max-md:max-h-[50%] max-md:w-full max-md:border-t max-md:border-l-0"
    >
      {selection.nodes.length > 1 ? (
        <p className="p-4 text-muted">{t("canvas.several", { count: selection.nodes.length })}</p>
      ) : node ? (
        <>
          {result && <NodeTry id={node} />}
          <NodePanel key={node} id={node} />
          {!result && may("workflow:execute") && <NodeTry id={node} />}
        </>
      ) : edge ? (
        <EdgeForm key={edge} id={edge} />
      ) : (
        <WorkflowForm />
      )}
    </aside>
  );
}
