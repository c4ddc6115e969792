/** Which rows of a list are ticked: some by their ids, or all that match. */
import { useEffect, useState } from "react";
import type { Chosen } from "@/api/many";
import type { Asked, RecordRow } from "@/api/records";

export type Selection = ReturnType<typeof useSelection>;

export function useSelection(asked: Asked) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [last, setLast] = useState<string | null>(null);
  const clear = () => {
    setIds(new Set());
    setAll(false);
  };
  const where = JSON.stringify(asked.where ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was ticked under other conditions is out of sight
  useEffect(clear, [where]);
  const chosen: Chosen = all ? { where: (asked.where as never) ?? [] } : { ids: [...ids] };
  return {
    ids,
    all,
    some: all || ids.size > 0,
    chosen,
    clear,
    takeAll: () => setAll(true),
    has: (id: string) => all || ids.has(id),
    /** Tick one row or take its tick away; with `through`, all from the last one to it. */
    toggle: (row: RecordRow, rows: RecordRow[], through: boolean) => {
      const next = new Set(all ? rows.map((each) => each.id) : ids);
      const on = !next.has(row.id);
      const from = through && last ? rows.findIndex((each) => each.id === last) : -1;
      const to = rows.indexOf(row);
      const range = from < 0 ? [row] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const each of range) on ? next.add(each.id) : next.delete(each.id);
      setAll(false);
      setIds(next);
      setLast(row.id);
    },
    toggleAll: (rows: RecordRow[]) => {
      const whole = all || rows.every((row) => ids.has(row.id));
      setAll(false);
      setIds(new Set(whole ? [] : rows.map((row) => row.id)));
    },
  };
}
