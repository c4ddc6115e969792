import { Handle, type NodeProps, Position, useUpdateNodeInternals } from "@xyflow/react";
import { CircleAlert, Pin, Plus, TriangleAlert } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "@/lib/classes";
import { type Port, portsOf, problemsOf, useDesigner } from "./DesignerContext";
import { nodeName } from "./document";
import { iconOf } from "./icons";
import { NodeMark } from "./NodeMark";
import type { NodeState } from "./overlay";

/** A step on the canvas: what it is, what it is called, what is wrong with it, and where it leads. */
export const NodeCard = memo(function NodeCard({ id, selected }: NodeProps) {
  const { t } = useTranslation();
  const designer = useDesigner();
  const node = designer.definition.nodes[id];
  const { inputs, outputs } = portsOf(designer, id);
  const measureAgain = useUpdateNodeInternals();
  const ports = [...inputs, ...outputs].map((port) => port.name).join("\n");
  const measured = useRef(ports);
  useEffect(() => {
    if (measured.current !== ports) measureAgain(id); // the dots have moved
    measured.current = ports;
  }, [id, ports, measureAgain]);
  if (!node) return null;
  const type = designer.types.get(node.type);
  const Icon = iconOf(type?.icon);
  const problems = problemsOf(designer, id);
  const mark = designer.overlay?.nodes[id];
  const worst = problems.find((problem) => problem.severity === "error") ?? problems[0];
  return (
    <div
      className={classes(
        "flex h-full w-full items-center gap-2.5 rounded-xl border bg-surface pr-2 pl-2.5 shadow-card",
        mark?.state ? EDGES[mark.state] : "border-line-strong/70",
        selected && "border-accent outline-2 outline-accent",
        node.disabled && "border-dashed opacity-60",
      )}
    >
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-strong">
        <Icon className="size-4.5" aria-hidden />
      </span>
      <span className="min-w-0 flex-1">
        <span className="step-name line-clamp-2 text-sm leading-tight font-semibold">
          {nodeName(designer.definition, id)}
        </span>
        <span className="step-type block truncate text-xs text-muted">{type?.title ?? node.type}</span>
      </span>
      {worst && (
        <span title={worst.message} className={worst.severity === "error" ? "text-bad" : "text-warn"}>
          {worst.severity === "error" ? (
            <CircleAlert className="size-4" aria-label={t("canvas.hasErrors")} />
          ) : (
            <TriangleAlert className="size-4" aria-label={t("canvas.hasWarnings")} />
          )}
        </span>
      )}
      {node.pinned && <Pin className="size-4 shrink-0 text-muted" aria-label={t("canvas.try.pinned")} />}
      {mark && <NodeMark mark={mark} />}
      {inputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          style={{ top: `${share(index, inputs.length)}%` }}
        />
      ))}
      {outputs.map((port, index) => (
        <Output key={port.name} id={id} port={port} top={share(index, outputs.length)} named={outputs.length > 1} />
      ))}
    </div>
  );
});

const EDGES: Record<NodeState, string> = {
  ok: "border-good",
  failed: "border-bad ring-2 ring-bad",
  waiting: "border-info ring-2 ring-info",
  skipped: "border-dashed border-line-strong",
  unreached: "border-dashed border-line-strong/70 bg-page! shadow-none!",
};

function Output({ id, port, top, named }: { id: string; port: Port; top: number; named: boolean }) {
  const { t } = useTranslation();
  const { definition, pick, readOnly } = useDesigner();
  const taken = Object.values(definition.edges).some(
    (edge) => edge.source === id && (edge.source_port ?? "out") === port.name,
  );
  const label = port.label || port.name;
  return (
    <>
      <Handle id={port.name} type="source" position={Position.Right} style={{ top: `${top}%` }} />
      <span
        className="pointer-events-none absolute left-full ml-2.5 flex -translate-y-1/2 items-center gap-1"
        style={{ top: `${top}%` }}
      >
        {named && <span className="max-w-24 truncate rounded bg-page/85 px-1 text-xs text-muted">{label}</span>}
        {!taken && !readOnly && (
          <button
            type="button"
            className="nodrag nopan pointer-events-auto grid size-5 place-items-center rounded-full border border-line-strong bg-surface text-muted hover:border-accent hover:text-accent"
            aria-label={t("canvas.addAfter", { port: named ? label : "", name: nodeName(definition, id) })}
            onClick={() => pick({ after: { node: id, port: port.name } })}
          >
            <Plus className="size-3.5" aria-hidden />
          </button>
        )}
      </span>
    </>
  );
}

function share(index: number, count: number): number {
  return ((index + 1) / (count + 1)) * 100;
}
