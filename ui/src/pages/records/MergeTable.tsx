import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { nameOf, type RecordRow } from "@/api/records";
import { classes } from "@/lib/classes";
import { day } from "@/lib/format";
import { Value } from "./Value";

/** The fields in which two records differ, with a choice of the value that stays. */
export function MergeTable({
  object,
  pair,
  fields,
  keep,
  onKeep,
  sideOf,
  onChoose,
}: {
  object: ObjectSchema;
  pair: [RecordRow, RecordRow];
  fields: FieldSchema[];
  keep: number;
  onKeep: (side: number) => void;
  sideOf: (name: string) => number;
  onChoose: (name: string, side: number) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-base">
      <thead>
        <tr className="text-left align-bottom">
          <th scope="col" className="w-1/4 pb-2 text-sm font-medium text-muted">
            {t("records.stays")}
          </th>
          {pair.map((row, side) => (
            <th key={row.id} scope="col" className="pb-2 pl-2 font-normal">
              <label className={option(keep === side)}>
                <input
                  type="radio"
                  name="keep"
                  className="mt-1 size-4 shrink-0 accent-accent"
                  aria-label={t("records.staysOne", { name: nameOf(object, row), side: side + 1 })}
                  checked={keep === side}
                  onChange={() => onKeep(side)}
                />
                <span className="min-w-0">
                  <span className="block font-semibold break-words">{nameOf(object, row)}</span>
                  <span className="block text-sm text-muted">
                    {t("records.madeOn", { day: day(String(row.createdAt)) })}
                  </span>
                </span>
              </label>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name}>
            <th
              scope="row"
              className="border-t border-line py-2 pr-2 text-left text-sm font-medium break-words text-muted"
            >
              {names.field(field)}
            </th>
            {pair.map((row, side) => (
              <td key={row.id} className="border-t border-line py-1.5 pl-2">
                <label className={option(sideOf(field.name) === side)}>
                  <input
                    type="radio"
                    name={field.name}
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    aria-label={t("records.keepValue", { field: names.field(field), side: side + 1 })}
                    checked={sideOf(field.name) === side}
                    onChange={() => onChoose(field.name, side)}
                  />
                  <span className="min-w-0 break-words">
                    <Value field={field} value={row[field.name]} />
                  </span>
                </label>
              </td>
            ))}
          </tr>
        ))}
        {!fields.length && (
          <tr>
            <td colSpan={3} className="border-t border-line py-3 text-muted">
              {t("records.noDifference")}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function option(on: boolean): string {
  return classes(
    "flex cursor-pointer items-start gap-2 rounded-lg border px-2.5 py-1.5",
    on ? "border-accent bg-accent-soft" : "border-transparent hover:bg-hover",
  );
}
