import "@xyflow/react/dist/base.css";
import "./canvas.css";
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  type EdgeChange,
  MarkerType,
  MiniMap,
  type Node,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTheme } from "@/theme/theme";
import { connect, move, remove } from "./commands";
import { useDesigner } from "./DesignerContext";
import { CARD, IN, nodeName, OUT, type Position, positionOf } from "./document";
import { NodeCard } from "./NodeCard";
import { StepEdge } from "./StepEdge";
import { FIT, useFit } from "./useFit";

const NODES = { step: NodeCard };
const EDGES = { step: StepEdge };
const MARKER = { type: MarkerType.ArrowClosed, width: 18, height: 18 };
const LIT_MARKER = { ...MARKER, width: 11, height: 11, color: "var(--accent)" };
const READABLE = 0.6; // zoom; below it a card shows its name alone, larger
const MAPPED_FROM = 20; // nodes; smaller workflows that are only looked at need no map
const ALL_DRAWN_UP_TO = 400; // nodes; beyond it only those in sight are drawn

/** The drawing surface. Positions while dragging are its own; the document learns where things were put. */
export function Canvas() {
  const { t } = useTranslation();
  const theme = useTheme();
  const designer = useDesigner();
  const { definition, selection, change, select, pick, readOnly, reveal, overlay } = designer;
  const [dragged, setDragged] = useState<Record<string, Position>>({});
  const flow = useReactFlow();
  const { surface, stopFitting } = useFit();
  const [far, setFar] = useState(false); // too far away for small print
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const node = reveal ? definition.nodes[reveal] : undefined;
    if (!node || shown.current === reveal) return;
    shown.current = reveal;
    const { x, y } = positionOf(node);
    void flow.setCenter(x + CARD.width / 2, y + CARD.height / 2, { zoom: flow.getZoom(), duration: 200 });
  }, [reveal, definition, flow]);
  const chosen = useMemo(() => new Set(selection.nodes), [selection.nodes]);
  const chosenEdges = useMemo(() => new Set(selection.edges), [selection.edges]);

  const nodes = useMemo<Node[]>(
    () =>
      Object.entries(definition.nodes).map(([id, node]) => ({
        id,
        type: "step",
        position: dragged[id] ?? positionOf(node),
        data: {},
        selected: chosen.has(id),
        width: CARD.width,
        height: CARD.height,
        ariaLabel: [nodeName(definition, id), overlay?.nodes[id]?.label].filter(Boolean).join(", "),
      })),
    [definition, dragged, chosen, overlay],
  );
  const edges = useMemo<Edge[]>(
    () =>
      Object.entries(definition.edges)
        .filter(([, edge]) => edge.source in definition.nodes && edge.target in definition.nodes)
        .map(([id, edge]) => ({
          id,
          type: "step",
          source: edge.source,
          target: edge.target,
          sourceHandle: edge.source_port ?? OUT,
          targetHandle: edge.target_port ?? IN,
          selected: chosenEdges.has(id),
          markerEnd: overlay?.lit.has(id) ? LIT_MARKER : MARKER,
          ariaLabel: t("canvas.edgeName", {
            source: nodeName(definition, edge.source),
            target: nodeName(definition, edge.target),
          }),
        })),
    [definition, chosenEdges, overlay, t],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      const moving: Record<string, Position> = {};
      const put: Record<string, Position> = {};
      for (const each of changes) {
        if (each.type === "position" && each.position) (each.dragging ? moving : put)[each.id] = each.position;
      }
      if (Object.keys(moving).length) setDragged((before) => ({ ...before, ...moving }));
      if (Object.keys(put).length) {
        setDragged({});
        change((now) => move(now, put), `move:${Object.keys(put).sort().join(",")}`);
      }
      const marks = changes.filter((each) => each.type === "select");
      if (marks.length) select({ ...selection, nodes: marked(selection.nodes, marks) });
    },
    [change, select, selection],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange[]) => {
      const marks = changes.filter((each) => each.type === "select");
      if (marks.length) select({ ...selection, edges: marked(selection.edges, marks) });
    },
    [select, selection],
  );
  const onConnect = useCallback(
    ({ source, sourceHandle, target, targetHandle }: Connection) =>
      change((now) =>
        connect(now, { node: source, port: sourceHandle ?? OUT }, { node: target, port: targetHandle ?? IN }),
      ),
    [change],
  );

  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      className={far ? "is-far" : undefined}
      ref={surface}
      onMoveStart={stopFitting}
      onMove={(_, { zoom }) => setFar(zoom < READABLE)}
      nodeTypes={NODES}
      edgeTypes={EDGES}
      colorMode={theme}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onConnect={onConnect}
      onDelete={({ nodes: gone, edges: cut }) =>
        change((now) =>
          remove(
            now,
            gone.map((each) => each.id),
            gone.length ? [] : cut.map((each) => each.id),
          ),
        )
      }
      onConnectEnd={(event, state) => {
        if (state.isValid || !state.fromNode || state.toNode || state.fromHandle?.type !== "source") return;
        const point = "changedTouches" in event ? event.changedTouches[0] : event;
        if (point) pick({ after: { node: state.fromNode.id, port: state.fromHandle.id ?? OUT } });
      }}
      onDoubleClick={(event) => {
        if (!readOnly && event.target instanceof Element && event.target.classList.contains("react-flow__pane"))
          pick({ at: flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }) });
      }}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      deleteKeyCode={readOnly ? null : ["Delete", "Backspace"]}
      zoomOnDoubleClick={false}
      snapToGrid
      snapGrid={[10, 10]}
      minZoom={0.1}
      maxZoom={2}
      fitView
      fitViewOptions={FIT}
      onlyRenderVisibleElements={nodes.length > ALL_DRAWN_UP_TO}
      ariaLabelConfig={{
        "node.a11yDescription.default": t(readOnly ? "canvas.a11y.nodeShown" : "canvas.a11y.node"),
        "node.a11yDescription.keyboardDisabled": t(readOnly ? "canvas.a11y.nodeShown" : "canvas.a11y.node"),
        "edge.a11yDescription.default": t(readOnly ? "canvas.a11y.edgeShown" : "canvas.a11y.edge"),
        "node.a11yDescription.ariaLiveMessage": ({ x, y }) => t("canvas.a11y.moved", { x, y }),
        "controls.ariaLabel": t("canvas.a11y.controls"),
        "controls.zoomIn.ariaLabel": t("canvas.zoomIn"),
        "controls.zoomOut.ariaLabel": t("canvas.zoomOut"),
        "controls.fitView.ariaLabel": t("canvas.fit"),
        "minimap.ariaLabel": t("canvas.minimap"),
      }}
    >
      <Background gap={20} size={1.2} />
      <Controls showInteractive={false} position="bottom-left" />
      {(!readOnly || nodes.length > MAPPED_FROM) && (
        <MiniMap pannable zoomable className="max-md:hidden!" position="bottom-right" />
      )}
    </ReactFlow>
  );
}

function marked(before: readonly string[], marks: { id: string; selected: boolean }[]): string[] {
  const after = new Set(before);
  for (const { id, selected } of marks) selected ? after.add(id) : after.delete(id);
  return [...after];
}
