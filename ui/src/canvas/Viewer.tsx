import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { type NodeTypeRow, nodeTypesQuery } from "@/api/design";
import { Canvas } from "./Canvas";
import { type Designer, DesignerProvider } from "./DesignerContext";
import type { Definition } from "./document";
import { placed } from "./layout";
import type { Overlay } from "./overlay";
import { useChecked } from "./useChecked";
import type { Selection } from "./useDocument";

const NO_TYPES: ReadonlyMap<string, NodeTypeRow> = new Map();
const nothing = () => {};

/** A workflow to be looked at: the designer's canvas on which nothing can be changed, with an overlay. */
export function Viewer({
  definition,
  overlay,
  selection,
  select,
}: {
  definition: Definition;
  overlay: Overlay;
  selection: Selection;
  select: (selection: Selection) => void;
}) {
  const types = useQuery(nodeTypesQuery).data ?? NO_TYPES;
  const checked = useChecked(definition);
  const [drawn, setDrawn] = useState<Definition | null>(null);
  useEffect(() => {
    let current = true;
    void placed(definition).then((found) => current && setDrawn(found));
    return () => {
      current = false;
    };
  }, [definition]);
  const designer = useMemo<Designer | null>(
    () =>
      drawn && {
        definition: drawn,
        selection,
        select,
        change: nothing,
        undo: nothing,
        redo: nothing,
        canUndo: false,
        canRedo: false,
        reset: nothing,
        types,
        checked: checked && { ...checked, problems: [] }, // what is wrong with it today is not the question here
        readOnly: true,
        reveal: null,
        pick: nothing,
        overlay,
      },
    [drawn, selection, select, types, checked, overlay],
  );
  if (!designer) return null;
  return (
    <DesignerProvider value={designer}>
      <ReactFlowProvider>
        <Canvas />
      </ReactFlowProvider>
    </DesignerProvider>
  );
}
