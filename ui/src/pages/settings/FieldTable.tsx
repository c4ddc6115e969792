import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { useMay } from "@/api/session";
import { Button } from "@/components/Button";
import { Table, Td, Th } from "@/components/Table";
import { AddChoices } from "./AddChoices";

const CHOICES = ["choice", "multi_choice"];

/** The fields of an object: what they hold, and what is checked of them. */
export function FieldTable({ object, all }: { object: ObjectSchema; all: ObjectSchema[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const [adding, setAdding] = useState<FieldSchema | null>(null);
  const about = (field: FieldSchema) => {
    if (CHOICES.includes(field.type ?? "")) return field.choices?.join(", ");
    const target = all.find((each) => each.name === field.reference);
    return target ? names.plural(target) : "";
  };
  const checks = (field: FieldSchema) =>
    [
      field.required && t("settings.required"),
      field.unique && t("settings.unique"),
      field.read_only && t("settings.bySystem"),
    ]
      .filter(Boolean)
      .join(", ");
  return (
    <>
      <Table
        label={t("settings.fieldsOf", { objects: names.plural(object) })}
        head={
          <>
            <Th>{t("settings.fieldLabel")}</Th>
            <Th>{t("settings.fieldName")}</Th>
            <Th>{t("settings.fieldType")}</Th>
            <Th>{t("settings.fieldValues")}</Th>
            <Th>{t("settings.checks")}</Th>
            <Th />
          </>
        }
      >
        {object.fields.map((field) => (
          <tr key={field.name} className="hover:bg-hover">
            <Td className="font-medium whitespace-nowrap">{names.field(field)}</Td>
            <Td className="font-mono text-sm text-muted">{field.name}</Td>
            <Td className="whitespace-nowrap">{t(`settings.types.${field.type ?? "text"}`)}</Td>
            <Td className="max-w-80 text-muted">{about(field)}</Td>
            <Td className="whitespace-nowrap text-muted">{checks(field)}</Td>
            <Td className="text-right">
              {may("schema:update") && CHOICES.includes(field.type ?? "") && (
                <Button
                  small
                  aria-label={t("settings.addChoicesTo", { field: names.field(field) })}
                  onClick={() => setAdding(field)}
                >
                  {t("settings.addChoices")}
                </Button>
              )}
            </Td>
          </tr>
        ))}
      </Table>
      {adding && <AddChoices object={object} field={adding} onClose={() => setAdding(null)} />}
    </>
  );
}
