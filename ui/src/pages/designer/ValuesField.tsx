import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "@/api/objects";
import { Button } from "@/components/Button";
import { INPUT } from "@/components/Field";
import { JsonField } from "./JsonField";
import { label, type ParamProps } from "./params";

/** Values by field name: one line each, with the fields of the object to choose from. */
export function ValuesField(props: ParamProps) {
  const { t } = useTranslation();
  const { field, value, objectName, error, onChange } = props;
  const list = useId();
  const [adding, setAdding] = useState("");
  const objects = useObjects().data ?? [];
  const known = objects.find((object) => object.name === objectName)?.fields.filter((each) => !each.read_only) ?? [];
  if (typeof value === "string") return <JsonField {...props} />;
  const rows = Object.entries((value ?? {}) as Record<string, unknown>);
  const write = (next: [string, unknown][]) => onChange(next.length ? Object.fromEntries(next) : undefined);
  const add = () => {
    const name = adding.trim();
    if (name && !rows.some(([each]) => each === name)) write([...rows, [name, ""]]);
    setAdding("");
  };
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{label(field)}</legend>
      {rows.map(([name, each]) => (
        <div
          key={name}
          className="grid grid-cols-[1fr_auto] items-center gap-x-1.5 rounded-lg border border-line px-2 pt-1 pb-2"
        >
          <label htmlFor={`${list}-${name}`} className="truncate text-sm" title={name}>
            {name}
          </label>
          <textarea
            id={`${list}-${name}`}
            rows={Math.min(6, Math.max(1, Math.ceil(shown(each).length / 36)))}
            spellCheck={false}
            className={`${INPUT} order-last col-span-2 py-1 text-sm`}
            value={shown(each)}
            onChange={(event) =>
              write(rows.map(([other, old]) => [other, other === name ? read(event.target.value) : old]))
            }
          />
          <Button
            small
            look="quiet"
            icon={<X aria-hidden />}
            aria-label={t("canvas.removeField", { name })}
            onClick={() => write(rows.filter(([other]) => other !== name))}
          />
        </div>
      ))}
      <div className="flex gap-1.5">
        <input
          list={list}
          aria-label={t("canvas.fieldName")}
          placeholder={t("canvas.fieldName")}
          className={`${INPUT} h-8 text-sm`}
          value={adding}
          onChange={(event) => setAdding(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && add()}
        />
        <datalist id={list}>
          {known.map((each) => (
            <option key={each.name} value={each.name} />
          ))}
        </datalist>
        <Button small icon={<Plus aria-hidden />} onClick={add}>
          {t("canvas.addField")}
        </Button>
      </div>
      {error ? (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      ) : (
        <p className="text-sm text-muted">{field.help}</p>
      )}
    </fieldset>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Numbers, true, false and JSON as what they are; everything else is text. */
function read(text: string): unknown {
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(text) || (/^[[{]/.test(text) && !text.startsWith("{{"))) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}
