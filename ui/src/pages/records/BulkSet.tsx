import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { SelectField } from "@/components/Field";
import { number } from "@/lib/format";
import { FieldInput } from "./FieldInput";

/** Gives many records one value of one field; an empty one empties it. */
export function BulkSet({
  object,
  start,
  count,
  busy,
  error,
  onSet,
  onClose,
}: {
  object: ObjectSchema;
  start?: FieldSchema;
  count: number;
  busy: boolean;
  error: unknown;
  onSet: (values: Record<string, unknown>) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fields = object.fields
    .filter((field) => !field.read_only && !field.unique && field.type !== "json")
    .sort((one, other) => names.field(one).localeCompare(names.field(other)));
  const usual = start ?? fields.find((field) => field.type === "choice") ?? fields[0];
  const [name, setName] = useState(usual?.name ?? "");
  const [value, setValue] = useState<unknown>(null);
  const field = fields.find((each) => each.name === name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSet({ [name]: value });
  };
  return (
    <Dialog open onClose={onClose} title={t("records.setFieldOf", { count, shown: number(count) })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <SelectField
          label={t("records.field")}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setValue(null);
          }}
        >
          {fields.map((each) => (
            <option key={each.name} value={each.name}>
              {names.field(each)}
            </option>
          ))}
        </SelectField>
        {field && <FieldInput field={field} label={t("records.newValue")} value={value} onChange={setValue} />}
        <p className="text-sm text-muted">{t("records.setNote")}</p>
        {!!error && <Failure error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {t("records.setFor", { count, shown: number(count) })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
