import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import type { RecordRow } from "@/api/records";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Input } from "./Input";
import { useSave } from "./useSave";
import { Value } from "./Value";

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
  const [editing, setEditing] = useState(false);
  const { editable, keep } = useSave(object, field, row);
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
              keep(value);
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
