import { useTranslation } from "react-i18next";
import { type FieldSchema, useNames } from "@/api/objects";
import { AreaField, SelectField, TextField } from "@/components/Field";
import { KINDS, parse } from "./Input";
import { ReferenceInput } from "./ReferenceInput";

export interface FieldInputProps {
  field: FieldSchema;
  value: unknown;
  onChange: (value: unknown) => void;
  label?: string;
  hidden?: boolean;
  required?: boolean;
  error?: string | null;
}

/** A labelled control for a value of a field, as its type is best given; null for nothing. */
export function FieldInput({ field, value, onChange, label, ...rest }: FieldInputProps) {
  const { t } = useTranslation();
  const names = useNames();
  const frame = { label: label ?? names.field(field), ...rest };
  const text = value === null || value === undefined ? "" : String(value);
  switch (field.type) {
    case "choice":
      return (
        <SelectField {...frame} value={text} onChange={(event) => onChange(event.target.value || null)}>
          <option value="">–</option>
          {field.choices?.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
      );
    case "checkbox":
      return (
        <SelectField {...frame} value={text} onChange={(event) => onChange(event.target.value === "true")}>
          <option value="" disabled>
            –
          </option>
          <option value="true">{t("common.yes")}</option>
          <option value="false">{t("common.no")}</option>
        </SelectField>
      );
    case "multi_choice":
      return <Several {...frame} field={field} value={value} onChange={onChange} />;
    case "reference":
      return <ReferenceInput {...frame} object={field.reference ?? ""} value={text} onChange={onChange} />;
    case "long_text":
      return <AreaField {...frame} value={text} onChange={(event) => onChange(event.target.value || null)} />;
    case "datetime":
      return (
        <TextField
          {...frame}
          type="datetime-local"
          value={toLocal(text)}
          onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : null)}
        />
      );
    default:
      return (
        <TextField
          {...frame}
          type={KINDS[field.type ?? "text"] ?? "text"}
          step="any"
          value={text}
          onChange={(event) => onChange(parse(field, event.target.value))}
        />
      );
  }
}

/** Several of a field's choices, each to be switched on or off. */
export function Several({
  field,
  label,
  hidden,
  value,
  onChange,
}: {
  field: FieldSchema;
  label: string;
  hidden?: boolean;
  value: unknown;
  onChange: (value: string[]) => void;
}) {
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className={hidden ? "sr-only" : "pb-1 text-sm font-medium"}>{label}</legend>
      <div className="flex min-h-9 flex-wrap items-center gap-1.5">
        {field.choices?.map((each) => (
          <label
            key={each}
            className="flex h-7 cursor-pointer items-center rounded-full border border-line-strong/70 px-2.5 text-sm hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-strong has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={chosen.includes(each)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, each] : chosen.filter((one) => one !== each))
              }
            />
            {each}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function toLocal(iso: string): string {
  const made = new Date(iso);
  if (!iso || Number.isNaN(made.getTime())) return "";
  return new Date(made.getTime() - made.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
