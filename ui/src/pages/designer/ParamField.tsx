import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "@/api/objects";
import { AreaField, SelectField, TextField } from "@/components/Field";
import { JsonField } from "./JsonField";
import { ListField } from "./ListField";
import { label, type ParamProps } from "./params";
import { ValuesField } from "./ValuesField";

/** One parameter of a node, in the form that suits its kind. What is left empty is not written. */
export function ParamField(props: ParamProps) {
  const { t } = useTranslation();
  const { field, value, error, onChange } = props;
  const frame = { label: label(field), hint: field.help, error };
  const text = value === undefined || value === null ? "" : String(value);
  const fallback = field.initial === undefined || field.initial === null ? undefined : String(field.initial);
  if (field.kind === "boolean") return <Check {...props} />;
  if (field.kind === "object" || field.kind === "field") return <SchemaField {...props} frame={frame} />;
  if (field.kind === "values") return <ValuesField {...props} />;
  if (field.kind === "list") return <ListField {...props} part={ParamField} />;
  if (field.kind === "json" || typeof value === "object") return <JsonField {...props} />;
  if (field.kind === "choice")
    return (
      <SelectField
        {...frame}
        value={text || fallback || ""}
        onChange={(event) => onChange(event.target.value === fallback ? undefined : event.target.value)}
      >
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </SelectField>
    );
  if (field.kind === "texts" || field.kind === "choices")
    return (
      <TextField
        {...frame}
        value={text}
        placeholder={t("canvas.commas")}
        onChange={(event) => onChange(listed(event.target.value))}
      />
    );
  if (field.kind === "number" && !isExpression(text))
    return (
      <TextField
        {...frame}
        value={text}
        placeholder={fallback}
        onChange={(event) => onChange(numbered(event.target.value))}
      />
    );
  if (field.kind === "code" || field.kind === "condition")
    return (
      <AreaField
        {...frame}
        className="font-mono"
        rows={field.kind === "code" ? 8 : 2}
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    );
  if (field.kind === "text" && !field.expression && !text.includes("\n"))
    return (
      <TextField
        {...frame}
        value={text}
        placeholder={fallback}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    );
  return (
    <AreaField
      {...frame}
      rows={Math.min(6, Math.max(1, text.split("\n").length))}
      value={text}
      placeholder={fallback ?? (field.kind === "duration" ? "15 min" : undefined)}
      onChange={(event) => onChange(event.target.value || undefined)}
    />
  );
}

function Check({ field, value, onChange }: ParamProps) {
  const id = useId();
  const checked = (value ?? field.initial) === true;
  return (
    <div className="flex gap-2.5">
      <input
        id={id}
        type="checkbox"
        className="mt-1"
        checked={checked}
        onChange={(event) => onChange(event.target.checked === field.initial ? undefined : event.target.checked)}
      />
      <label htmlFor={id} className="text-sm">
        <span className="font-medium">{field.label}</span>
        <span className="block text-muted">{field.help}</span>
      </label>
    </div>
  );
}

/** An object of the CRM, or a field of the object that the node is about. */
function SchemaField({
  field,
  value,
  objectName,
  onChange,
  frame,
}: ParamProps & { frame: { label: string; hint: string; error?: string } }) {
  const { t } = useTranslation();
  const objects = useObjects().data ?? [];
  const options =
    field.kind === "object"
      ? objects.map((object) => object.name)
      : (objects.find((object) => object.name === objectName)?.fields.map((each) => each.name) ?? []);
  const text = typeof value === "string" ? value : "";
  return (
    <SelectField {...frame} value={text} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">{t("canvas.choose")}</option>
      {text && !options.includes(text) && <option value={text}>{text}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </SelectField>
  );
}

export function isExpression(text: string): boolean {
  return text.includes("{{") || text.startsWith("=");
}

function numbered(text: string): unknown {
  if (!text.trim()) return undefined;
  return isExpression(text) || Number.isNaN(Number(text)) ? text : Number(text);
}

function listed(text: string): unknown {
  if (!text.trim()) return undefined;
  if (isExpression(text)) return text;
  const parts = text.split(",").map((part) => part.trimStart());
  return parts.length > 1 || !text.includes("@") ? parts : text;
}
