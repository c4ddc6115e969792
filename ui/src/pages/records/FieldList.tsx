import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { updateRecord } from "@/api/generated";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import type { RecordRow } from "@/api/records";
import { useMay } from "@/api/session";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { tell } from "@/components/toast";
import { Input } from "./Input";
import { Value } from "./Value";

const EDITABLE = ["text", "number", "integer", "money", "date", "choice", "email", "phone", "url", "long_text"];

/** All fields of a record; those without a value are folded away until they are asked for. */
export function FieldList({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const fields = object.fields.filter((field) => !["id", "deletedAt"].includes(field.name));
  const filled = fields.filter(
    (field) => row[field.name] !== null && row[field.name] !== undefined && row[field.name] !== "",
  );
  const shown = all ? fields : filled;
  return (
    <Card
      title={t("records.details")}
      action={
        <Button small look="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("records.fewer") : t("records.allFields", { count: fields.length - filled.length })}
        </Button>
      }
    >
      <dl className="grid gap-x-6 sm:grid-cols-2">
        {shown.map((field) => (
          <Line key={field.name} object={object} field={field} row={row} />
        ))}
      </dl>
    </Card>
  );
}

function Line({ object, field, row }: { object: ObjectSchema; field: FieldSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const save = useMutation({
    mutationFn: (value: unknown) =>
      updateRecord({
        path: { object: object.name, record: row.id },
        body: { [field.name]: value },
        throwOnError: true,
      }),
    onSuccess: (fresh, value) => {
      queries.setQueryData(["record", object.name, row.id], fresh);
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
  return (
    <div className="flex min-h-13 flex-col justify-center border-b border-line py-1.5">
      <dt className="text-sm text-muted">{names.field(field)}</dt>
      <dd className="min-w-0 text-base break-words">
        {editing ? (
          <Input
            field={field}
            label={names.field(field)}
            start={row[field.name]}
            onCancel={() => setEditing(false)}
            onSave={(value) => {
              setEditing(false);
              if (value !== (row[field.name] ?? null)) save.mutate(value);
            }}
          />
        ) : editable ? (
          <span className="group/line flex items-center gap-2">
            <Value field={field} value={row[field.name]} />
            <button
              type="button"
              onClick={() => setEditing(true)}
              className="rounded px-1.5 text-sm text-accent-strong opacity-0 group-hover/line:opacity-100 hover:bg-hover focus-visible:opacity-100"
            >
              {t("records.change")}
              <span className="sr-only"> {names.field(field)}</span>
            </button>
          </span>
        ) : (
          <Value field={field} value={row[field.name]} />
        )}
      </dd>
    </div>
  );
}
