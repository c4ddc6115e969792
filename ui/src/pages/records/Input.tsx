import { useRef, useState } from "react";
import type { FieldSchema } from "@/api/objects";
import { INPUT } from "@/components/Field";

/** The value that a text stands for in a field; null for nothing. */
export function parse(field: FieldSchema, text: string): unknown {
  if (text === "") return null;
  if (["number", "integer", "money"].includes(field.type ?? "text")) return Number(text);
  return text;
}

export const KINDS: Record<string, string> = {
  number: "number",
  integer: "number",
  money: "number",
  date: "date",
  email: "email",
  url: "url",
  phone: "tel",
};

/** A small field in place of a value: Enter and leaving keep it, Escape does not. */
export function Input({
  field,
  label,
  start,
  onSave,
  onCancel,
}: {
  field: FieldSchema;
  label: string;
  start: unknown;
  onSave: (value: unknown) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState(String(start ?? ""));
  const done = useRef(false); // leaving after Enter or Escape is not another answer
  const end = (save: boolean) => {
    if (done.current) return;
    done.current = true;
    if (save) onSave(parse(field, text));
    else onCancel();
  };
  const common = {
    "aria-label": label,
    autoFocus: true,
    value: text,
    className: `${INPUT} h-8 px-2`,
    onBlur: () => end(true),
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") end(false);
    },
  };
  if (field.type === "choice") {
    return (
      <select {...common} onChange={(event) => setText(event.target.value)}>
        <option value="">–</option>
        {field.choices?.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...common}
      type={KINDS[field.type ?? "text"] ?? "text"}
      step="any"
      onChange={(event) => setText(event.target.value)}
    />
  );
}
