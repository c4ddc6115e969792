import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { nameOf, type RecordRow } from "@/api/records";
import { classes } from "@/lib/classes";
import { Cell } from "./Cell";
import type { Selection } from "./useSelection";
import { isNumeric } from "./Value";

const ROW = 41;

/** Records as rows, drawn only where they are seen, so that a hundred thousand scroll like ten. */
export function RecordGrid({
  object,
  columns,
  rows,
  order,
  onOrder,
  onEnd,
  selection,
  empty,
}: {
  object: ObjectSchema;
  columns: FieldSchema[];
  rows: RecordRow[];
  order: string;
  onOrder: (order: string) => void;
  onEnd: () => void;
  selection?: Selection;
  empty: ReactNode;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length && last >= rows.length - 30) onEnd();
  }, [last, rows.length, onEnd]);
  if (!rows.length) return empty;
  const tick = selection ? "2.75rem " : "";
  const layout = { gridTemplateColumns: `${tick}minmax(14rem,1.6fr) repeat(${columns.length}, minmax(9.5rem,1fr))` };
  const wide = { minWidth: `${(selection ? 16.75 : 14) + columns.length * 9.5}rem` }; // head and rows have to agree on it
  const name = object.fields.find((field) => field.name === (object.name_field ?? "name"));
  return (
    <div
      ref={box}
      role="table"
      aria-label={names.plural(object)}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto"
    >
      <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface" style={wide}>
        <div role="row" aria-rowindex={1} className="grid text-sm text-muted" style={layout}>
          {selection && (
            <div role="columnheader" className="grid place-items-center">
              <input
                type="checkbox"
                aria-label={t("records.tickAll")}
                className="size-4 accent-accent"
                checked={rows.every((row) => selection.has(row.id))}
                onChange={() => selection.toggleAll(rows)}
              />
            </div>
          )}
          {[name, ...columns].map(
            (field, place) =>
              field && (
                <Head
                  key={field.name}
                  field={field}
                  first={place === 0}
                  close={place === 0 && !!selection}
                  order={order}
                  onOrder={onOrder}
                  title={place === 0 ? t("records.name") : names.field(field)}
                />
              ),
          )}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ ...wide, height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={row.id}
              role="row"
              aria-rowindex={item.index + 2}
              className={classes(
                "absolute inset-x-0 grid items-center border-b border-line text-base hover:bg-hover",
                selection?.has(row.id) && "bg-accent-soft/60",
              )}
              style={{ ...layout, height: ROW, transform: `translateY(${item.start}px)` }}
            >
              {selection && (
                <div role="cell" className="grid place-items-center">
                  <input
                    type="checkbox"
                    aria-label={t("records.tick", { name: nameOf(object, row) })}
                    className="size-4 accent-accent"
                    checked={selection.has(row.id)}
                    onChange={(event) =>
                      selection.toggle(row, rows, (event.nativeEvent as unknown as MouseEvent).shiftKey)
                    }
                  />
                </div>
              )}
              <div role="cell" className={classes("truncate", selection ? "px-2" : "px-4")}>
                <Link
                  to="/records/$object/$record"
                  params={{ object: object.name, record: row.id }}
                  className="font-medium underline-offset-2 hover:underline"
                >
                  {nameOf(object, row)}
                </Link>
              </div>
              {columns.map((field) => (
                <Cell key={field.name} object={object} field={field} row={row} />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({
  field,
  first,
  close,
  title,
  order,
  onOrder,
}: {
  field: FieldSchema;
  first: boolean;
  close: boolean;
  title: string;
  order: string;
  onOrder: (order: string) => void;
}) {
  const up = order === field.name;
  const down = order === `-${field.name}`;
  const numeric = isNumeric(field) && !first;
  return (
    <div
      role="columnheader"
      aria-sort={up ? "ascending" : down ? "descending" : "none"}
      className={classes(close ? "pr-2" : "px-2", numeric && "text-right")}
    >
      <button
        type="button"
        onClick={() => onOrder(up ? `-${field.name}` : field.name)}
        className="inline-flex h-9 max-w-full items-center gap-1 rounded px-2 font-medium hover:text-ink"
      >
        <span className="truncate">{title}</span>
        {up && <ArrowUp className="size-3.5" aria-hidden />}
        {down && <ArrowDown className="size-3.5" aria-hidden />}
      </button>
    </div>
  );
}
