import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Filter } from "@/api/filters";
import { type ObjectSchema, useNames } from "@/api/objects";
import { operatorName, valueText } from "./filterWords";
import { Value } from "./Value";

/** The conditions in force, in words; each can be taken away at once. */
export function FilterChips({
  object,
  filters,
  onChange,
}: {
  object: ObjectSchema;
  filters: Filter[];
  onChange: (filters: Filter[]) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <ul aria-label={t("records.filter")} className="flex flex-wrap gap-2">
      {filters.map((filter, place) => {
        const field = object.fields.find((each) => each.name === filter.field);
        const name = field ? names.field(field) : filter.field;
        return (
          <li
            key={`${filter.field}${filter.operator}${JSON.stringify(filter.value)}`}
            className="flex h-7 max-w-full items-center gap-1 rounded-full bg-accent-soft pr-1 pl-3 text-sm text-accent-strong"
          >
            <span className="truncate">
              {name} {field && operatorName(t, field, filter.operator)}{" "}
              <span className="font-medium">
                {field?.type === "reference" && filter.value ? (
                  <Value field={field} value={filter.value} />
                ) : (
                  field && valueText(t, field, filter)
                )}
              </span>
            </span>
            <button
              type="button"
              aria-label={t("records.removeCondition", { field: name })}
              onClick={() => onChange(filters.filter((_, at) => at !== place))}
              className="grid size-5 shrink-0 place-items-center rounded-full hover:bg-surface"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
