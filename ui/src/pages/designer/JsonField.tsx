import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AreaField } from "@/components/Field";
import { label, type ParamProps } from "./params";

/** A value written as JSON; while it is not JSON the last one that was stands. */
export function JsonField({ field, value, error, onChange }: ParamProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => written(value));
  const [fault, setFault] = useState<string | null>(null);
  const change = (next: string) => {
    setText(next);
    if (!next.trim()) {
      setFault(null);
      onChange(undefined);
      return;
    }
    try {
      onChange(/^[\s]*[[{"\d-]|^(true|false|null)$/.test(next) && !next.startsWith("{{") ? JSON.parse(next) : next);
      setFault(null);
    } catch {
      setFault(t("canvas.notJson"));
    }
  };
  return (
    <AreaField
      label={label(field)}
      hint={field.help}
      error={fault ?? error}
      rows={Math.min(12, Math.max(2, text.split("\n").length))}
      spellCheck={false}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  );
}

function written(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
