import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import type { RecordRow } from "@/api/records";
import { classes } from "@/lib/classes";
import { Input } from "./Input";
import { useSave } from "./useSave";
import { isNumeric, Value } from "./Value";

/** One value in the list; a double click, or the pen that appears, changes it in place, and the message offers to undo. */
export function Cell({ object, field, row }: { object: ObjectSchema; field: FieldSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const names = useNames();
  const [editing, setEditing] = useState(false);
  const pen = useRef<HTMLButtonElement>(null);
  const { editable, keep } = useSave(object, field, row);
  const end = () => {
    setEditing(false);
    requestAnimationFrame(() => pen.current?.focus());
  };
  if (editing) {
    return (
      <div role="cell" className="px-2">
        <Input
          field={field}
          label={names.field(field)}
          start={row[field.name]}
          onCancel={end}
          onSave={(value) => {
            end();
            keep(value);
          }}
        />
      </div>
    );
  }
  return (
    <div
      role="cell"
      className={classes(
        "group/cell flex items-center gap-1 px-4",
        isNumeric(field) && "flex-row-reverse justify-start text-right",
      )}
      onDoubleClick={() => editable && setEditing(true)}
    >
      <span className="min-w-0 truncate">
        <Value field={field} value={row[field.name]} />
      </span>
      {editable && (
        <button
          ref={pen}
          type="button"
          aria-label={t("records.edit", { field: names.field(field) })}
          onClick={() => setEditing(true)}
          className="grid size-6 shrink-0 place-items-center rounded text-muted opacity-0 group-hover/cell:opacity-100 hover:bg-surface focus-visible:opacity-100"
        >
          <Pencil className="size-3.5" aria-hidden />
        </button>
      )}
    </div>
  );
}
