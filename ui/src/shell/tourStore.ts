import { useSyncExternalStore } from "react";

/** Which step of the tour is shown; null: none. It is one for the page, so that the account menu can start it. */
let step: number | null = null;
const watchers = new Set<() => void>();

export function goToStep(next: number | null): void {
  step = next;
  for (const each of watchers) each();
}

export function useStep(): number | null {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => step,
  );
}
