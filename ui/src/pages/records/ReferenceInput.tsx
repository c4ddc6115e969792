import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "@/api/objects";
import { like, nameOf, page } from "@/api/records";
import { referenceQuery } from "@/api/references";
import { SelectField, TextField } from "@/components/Field";

const MOST = 50;

/** A record that is pointed at, chosen by its name; where there are many, a text narrows them. */
export function ReferenceInput({
  object,
  value,
  onChange,
  label,
  leaveOut,
  ...frame
}: {
  object: string;
  value: string;
  onChange: (id: string | null) => void;
  label: string;
  leaveOut?: string;
  hidden?: boolean;
  required?: boolean;
  error?: string | null;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const schema = useObjects().data?.find((each) => each.name === object);
  const found = useQuery({
    queryKey: ["records", object, "choices", text],
    enabled: !!schema,
    placeholderData: (before) => before,
    queryFn: () => page(object, { where: schema && like(schema, text), order: [] }, 0, MOST, true),
  });
  const present = useQuery({ ...referenceQuery(object, value), enabled: !!value });
  const rows = found.data?.records.filter((row) => row.id !== leaveOut) ?? [];
  const many = !!text || (found.data?.total ?? 0) > MOST;
  return (
    <div className="flex flex-col gap-1.5">
      <SelectField {...frame} label={label} value={value} onChange={(event) => onChange(event.target.value || null)}>
        <option value="">–</option>
        {value && !rows.some((row) => row.id === value) && (
          <option value={value}>{present.data ? nameOf(schema, present.data) : "…"}</option>
        )}
        {rows.map((row) => (
          <option key={row.id} value={row.id}>
            {nameOf(schema, row)}
          </option>
        ))}
      </SelectField>
      {many && (
        <TextField
          label={t("records.narrow", { field: label })}
          hidden
          type="search"
          placeholder={t("records.findHint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </div>
  );
}
