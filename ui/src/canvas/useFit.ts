/** Shows the whole workflow, also when the window changes, until somebody has moved the canvas by hand. */
import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";

export const FIT = { padding: 0.2, maxZoom: 1 };

export function useFit() {
  const flow = useReactFlow();
  const surface = useRef<HTMLDivElement>(null);
  const fitting = useRef(true);
  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (fitting.current) requestAnimationFrame(() => void flow.fitView(FIT));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow]);
  /** React Flow tells of moves that the program made without an event. */
  const stopFitting = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) fitting.current = false;
  }, []);
  return { surface, stopFitting };
}
