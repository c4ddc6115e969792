import { useTranslation } from "react-i18next";
import type { Choices, Preview } from "@/api/imports";
import { type ObjectSchema, useNames } from "@/api/objects";
import { SelectField } from "@/components/Field";
import { Table, Td, Th } from "@/components/Table";

/** Each column with examples of what is in it, and the field it goes to; no field twice. */
export function ColumnMapping({
  object,
  preview,
  choices,
  onChange,
}: {
  object: ObjectSchema;
  preview: Preview;
  choices: Choices;
  onChange: (choices: Choices) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fields = object.fields.filter((field) => !field.read_only);
  const used = Object.values(choices.columns).filter((each): each is string => !!each);
  return (
    <>
      <Table
        label={t("records.whereTo")}
        head={
          <>
            <Th>{t("records.column")}</Th>
            <Th>{t("records.examples")}</Th>
            <Th>{t("records.field")}</Th>
          </>
        }
      >
        {preview.header.map((column, place) => (
          <tr key={column}>
            <Td className="font-medium">{column}</Td>
            <Td className="max-w-72 truncate text-muted">
              {preview.sample
                .map((row) => row[place])
                .filter(Boolean)
                .slice(0, 3)
                .join(" · ") || "–"}
            </Td>
            <Td className="w-64">
              <SelectField
                label={t("records.fieldOf", { column })}
                hidden
                value={choices.columns[column] ?? ""}
                onChange={(event) =>
                  onChange({ ...choices, columns: { ...choices.columns, [column]: event.target.value || null } })
                }
              >
                <option value="">{t("records.leaveOut")}</option>
                {fields.map((field) => (
                  <option
                    key={field.name}
                    value={field.name}
                    disabled={used.includes(field.name) && choices.columns[column] !== field.name}
                  >
                    {names.field(field)}
                  </option>
                ))}
              </SelectField>
            </Td>
          </tr>
        ))}
      </Table>
      <div className="max-w-md border-t border-line p-4">
        <SelectField
          label={t("records.key")}
          hint={t("records.keyNote")}
          value={choices.key}
          onChange={(event) => onChange({ ...choices, key: event.target.value })}
        >
          <option value="">{t("records.alwaysNew")}</option>
          {fields
            .filter((field) => used.includes(field.name))
            .map((field) => (
              <option key={field.name} value={field.name}>
                {names.field(field)}
              </option>
            ))}
        </SelectField>
      </div>
    </>
  );
}
