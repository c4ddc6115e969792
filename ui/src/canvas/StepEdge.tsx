import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDesigner } from "./DesignerContext";

/** A line from an output to an input, with its label, and a button in its middle that puts a node into it. */
export function StepEdge(props: EdgeProps) {
  const { t } = useTranslation();
  const { definition, pick, readOnly, overlay } = useDesigner();
  const edge = definition.edges[props.id];
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 14 });
  const words = [edge?.label, edge?.limit ? t("canvas.atMost", { count: edge.limit }) : null]
    .filter(Boolean)
    .join(" · ");
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        markerEnd={props.markerEnd}
        interactionWidth={18}
        className={overlay?.lit.has(props.id) ? "is-lit" : undefined}
      />
      <EdgeLabelRenderer>
        <div
          className="nodrag nopan pointer-events-auto absolute flex items-center gap-1"
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {words && <span className="rounded bg-page px-1 text-xs text-muted">{words}</span>}
          {!readOnly && (
            <button
              type="button"
              tabIndex={props.selected ? 0 : -1}
              className="grid size-5 place-items-center rounded-full border border-line-strong bg-surface text-muted opacity-0 hover:text-accent hover:opacity-100 focus-visible:opacity-100 data-on:opacity-100"
              data-on={props.selected || undefined}
              aria-label={t("canvas.insert")}
              onClick={() => pick({ edge: props.id })}
            >
              <Plus className="size-3.5" aria-hidden />
            </button>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
