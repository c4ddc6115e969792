import { Plus, Trash2 } from "lucide-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { label, type ParamProps } from "./params";

interface Props extends ParamProps {
  part: ComponentType<ParamProps>; // the control of one parameter, given from above so that files do not import in a circle
}

/** A list of small forms, such as the cases of a switch. */
export function ListField({ field, value, objectName, error, onChange, part: Part }: Props) {
  const { t } = useTranslation();
  const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  const write = (next: Record<string, unknown>[]) => onChange(next.length ? next : undefined);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{label(field)}</legend>
      {rows.map((row, index) => (
        <div key={index} className="flex flex-col gap-2 rounded-lg border border-line p-2.5">
          {(field.item ?? []).map((each) => (
            <Part
              key={each.name}
              field={each}
              value={row[each.name]}
              objectName={objectName}
              onChange={(next) =>
                write(rows.map((other, place) => (place === index ? withValue(other, each.name, next) : other)))
              }
            />
          ))}
          <Button
            small
            look="quiet"
            icon={<Trash2 aria-hidden />}
            onClick={() => write(rows.filter((_, place) => place !== index))}
          >
            {t("canvas.removeRow")}
          </Button>
        </div>
      ))}
      <Button small icon={<Plus aria-hidden />} onClick={() => write([...rows, {}])}>
        {t("canvas.addRow")}
      </Button>
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function withValue(row: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const { [name]: _, ...others } = row;
  return value === undefined ? others : { ...others, [name]: value };
}
