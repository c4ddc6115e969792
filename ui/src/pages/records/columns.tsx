import { Columns3 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Button } from "@/components/Button";
import { Menu, MenuCheck, MenuLabel } from "@/components/Menu";

const USUAL: Record<string, string[]> = {
  Lead: ["company", "status", "score", "email", "source", "createdAt"],
  Account: ["type", "industry", "country", "employees", "annualRevenue", "healthScore"],
  Contact: ["title", "email", "phone", "accountId", "createdAt"],
  Deal: ["stage", "amount", "accountId", "ownerId", "closeDate"],
  Case: ["status", "priority", "origin", "accountId", "dueAt", "createdAt"],
  Campaign: ["type", "status", "startDate", "endDate", "budget"],
};
const HIDDEN = ["id", "deletedAt", "firstName", "lastName", "name", "subject"];

function usual(object: ObjectSchema): string[] {
  const named =
    USUAL[object.name] ??
    object.fields
      .filter((field) => !field.read_only && !HIDDEN.includes(field.name))
      .slice(0, 6)
      .map((field) => field.name);
  return named.filter((name) => object.fields.some((field) => field.name === name));
}

/** The columns that somebody chose for an object, kept in this browser. */
export function useKeptColumns(object: ObjectSchema): [string[], (names: string[]) => void] {
  const key = `towpath.columns.${object.name}`;
  const [names, setNames] = useState<string[]>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null") ?? usual(object);
    } catch {
      return usual(object);
    }
  });
  const change = (next: string[]) => {
    setNames(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // not kept, but it holds for this page
    }
  };
  return [names, change];
}

export function ColumnMenu({
  object,
  columns,
  onChange,
}: {
  object: ObjectSchema;
  columns: FieldSchema[];
  onChange: (names: string[]) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const shown = columns.map((field) => field.name);
  const choices = object.fields.filter((field) => !HIDDEN.includes(field.name));
  return (
    <Menu align="start" trigger={<Button icon={<Columns3 aria-hidden />}>{t("records.columns")}</Button>}>
      <MenuLabel>{t("records.columnsNote")}</MenuLabel>
      {choices.map((field) => (
        <MenuCheck
          key={field.name}
          keepOpen
          checked={shown.includes(field.name)}
          onChange={(on) => onChange(on ? [...shown, field.name] : shown.filter((name) => name !== field.name))}
        >
          {names.field(field)}
        </MenuCheck>
      ))}
    </Menu>
  );
}
