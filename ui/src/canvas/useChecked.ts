/** The server's view of the definition: problems and ports, a moment after each change. */
import { useEffect, useState } from "react";
import { type CheckAnswer, check } from "@/api/design";
import type { Definition } from "@/canvas/document";

const AFTER = 350; // milliseconds

export function useChecked(definition: Definition): CheckAnswer | null {
  const [checked, setChecked] = useState<CheckAnswer | null>(null);
  useEffect(() => {
    let current = true;
    const ask = () =>
      check(definition).then(
        (answer) => current && setChecked(answer),
        () => {}, // offline: the last answer stands
      );
    const timer = setTimeout(ask, AFTER);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [definition]);
  return checked;
}
