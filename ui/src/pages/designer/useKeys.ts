/** Keyboard and clipboard of the canvas. Text fields keep their own undo, copy and paste. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { asText, fromText } from "@/canvas/clipboard";
import { duplicate, paste, pick, remove } from "@/canvas/commands";
import type { Designer } from "@/canvas/DesignerContext";
import { positionOf } from "@/canvas/document";
import { tell } from "@/components/toast";

export function useKeys(designer: Designer): void {
  const { t } = useTranslation();
  useEffect(() => {
    const { definition, selection, change, select, readOnly } = designer;

    const onKey = (event: KeyboardEvent) => {
      if (inText(event.target) || inDialog() || readOnly) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "z") run(event, event.shiftKey ? designer.redo : designer.undo);
      else if (command && key === "y") run(event, designer.redo);
      else if (command && key === "d") run(event, copyAside);
      else if (command && key === "a") run(event, () => select({ nodes: Object.keys(definition.nodes), edges: [] }));
      else if (!command && !event.altKey && key === "a") run(event, add);
    };
    const add = () => {
      const after = selection.nodes.at(-1);
      designer.pick(after ? { after: { node: after, port: firstOut(designer, after) } } : { at: lowest(designer) });
    };
    const copyAside = () => {
      if (!selection.nodes.length) return;
      const copy = duplicate(definition, selection.nodes);
      change(() => copy.definition);
      select({ nodes: copy.ids, edges: [] });
    };
    const onCopy = (event: ClipboardEvent) => {
      if (inText(event.target) || inDialog() || !selection.nodes.length || getSelection()?.toString()) return;
      event.clipboardData?.setData("text/plain", asText(pick(definition, selection.nodes)));
      event.preventDefault();
      if (event.type === "cut" && !readOnly) change((now) => remove(now, selection.nodes, []));
    };
    const onPaste = (event: ClipboardEvent) => {
      if (inText(event.target) || inDialog() || readOnly) return;
      const pasted = fromText(event.clipboardData?.getData("text/plain") ?? "");
      if (pasted.kind === "part") {
        const made = paste(definition, pasted.part, { x: 40, y: 40 });
        change(() => made.definition);
        select({ nodes: made.ids, edges: [] });
      } else if (pasted.kind === "n8n") tell(t("canvas.pasteN8n"), "bad");
    };
    addEventListener("keydown", onKey);
    addEventListener("copy", onCopy);
    addEventListener("cut", onCopy);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("copy", onCopy);
      removeEventListener("cut", onCopy);
      removeEventListener("paste", onPaste);
    };
  }, [designer, t]);
}

function run(event: Event, act: () => void): void {
  event.preventDefault();
  act();
}

function inText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function inDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function firstOut(designer: Designer, id: string): string {
  const checked = designer.checked?.nodes[id]?.outputs;
  return checked?.[0]?.name ?? "out";
}

function lowest(designer: Designer): { x: number; y: number } {
  const places = Object.values(designer.definition.nodes).map(positionOf);
  return { x: Math.min(0, ...places.map(({ x }) => x)), y: Math.max(-120, ...places.map(({ y }) => y)) + 120 };
}
