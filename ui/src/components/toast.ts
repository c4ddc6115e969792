/** Short messages at the edge of the window, kept outside React so that any code can tell one. */
import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  action?: { label: string; run: () => void };
}

const LASTS = 6000;
let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}

export function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function tell(text: string, tone: Toast["tone"] = "good", action?: Toast["action"]): void {
  last += 1;
  const id = last;
  change([...toasts.slice(-3), { id, text, tone, action }]);
  setTimeout(() => dismiss(id), LASTS);
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    () => toasts,
  );
}
