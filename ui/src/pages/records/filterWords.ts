/** Conditions in words. */
import type { TFunction } from "i18next";
import type { Filter } from "@/api/filters";
import type { FieldSchema } from "@/api/objects";
import { dateTime, day, number } from "@/lib/format";
import { isNumeric } from "./Value";

export function operatorName(t: TFunction, field: FieldSchema, operator: string): string {
  const time = field.type === "date" || field.type === "datetime";
  const key = time && operator === ">=" ? "since" : time && operator === "<" ? "before" : WORDS[operator];
  return key ? t(`records.operators.${key}`) : operator;
}

const WORDS: Record<string, string> = {
  "==": "is",
  "!=": "isNot",
  in: "is",
  not_in: "isNot",
  contains: "contains",
  not_contains: "containsNot",
  starts_with: "begins",
  between: "between",
  is_empty: "empty",
  is_not_empty: "filled",
};

/** The value of a condition as its field's values are read; a record that is pointed at is not named here. */
export function valueText(t: TFunction, field: FieldSchema, filter: Filter): string {
  const { value } = filter;
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) {
    const parts = value.map((each) => one(t, field, each));
    return filter.operator === "between" ? parts.join(" – ") : parts.join(", ");
  }
  return one(t, field, value);
}

function one(t: TFunction, field: FieldSchema, value: unknown): string {
  if (field.type === "date") return day(String(value));
  if (field.type === "datetime") return dateTime(String(value));
  if (field.type === "checkbox") return value ? t("common.yes") : t("common.no");
  if (isNumeric(field)) return number(Number(value));
  return String(value);
}
