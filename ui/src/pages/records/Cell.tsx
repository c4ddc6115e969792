import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { updateRecord } from "@/api/generated";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import type { RecordRow } from "@/api/records";
import { useMay } from "@/api/session";
import { tell } from "@/components/toast";
import { classes } from "@/lib/classes";
import { Input } from "./Input";
import { isNumeric, Value } from "./Value";

const EDITABLE = ["text", "number", "integer", "money", "date", "choice", "email", "phone", "url"];

/** One value in the list; a double click, or the pen that appears, changes it in place, and the message offers to undo. */
export function Cell({ object, field, row }: { object: ObjectSchema; field: FieldSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const pen = useRef<HTMLButtonElement>(null);
  const save = useMutation({
    mutationFn: (value: unknown) =>
      updateRecord({
        path: { object: object.name, record: row.id },
        body: { [field.name]: value },
        throwOnError: true,
      }),
    onSuccess: async (_, value) => {
      await queries.invalidateQueries({ queryKey: ["records", object.name] });
      void queries.invalidateQueries({ queryKey: ["record", object.name, row.id] });
      void queries.invalidateQueries({ queryKey: ["history", object.name, row.id] });
      const before = row[field.name] ?? null;
      tell(
        t("records.changed", { field: names.field(field) }),
        "good",
        value === before ? undefined : { label: t("common.undo"), run: () => save.mutate(before) },
      );
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  const editable = may("record:update") && !field.read_only && EDITABLE.includes(field.type ?? "text");
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
            if (value !== (row[field.name] ?? null)) save.mutate(value);
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
