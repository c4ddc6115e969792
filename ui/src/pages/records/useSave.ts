/** Saves one field of a record; the message that it is done offers to undo it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { updateRecord } from "@/api/generated";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import type { RecordRow } from "@/api/records";
import { useMay } from "@/api/session";
import { tell } from "@/components/toast";

const EDITABLE = ["text", "long_text", "number", "integer", "money", "date", "choice", "email", "phone", "url"];

export function useSave(object: ObjectSchema, field: FieldSchema, row: RecordRow) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const queries = useQueryClient();
  const before = row[field.name] ?? null;
  const save = useMutation({
    mutationFn: (value: unknown) =>
      updateRecord({
        path: { object: object.name, record: row.id },
        body: { [field.name]: value },
        throwOnError: true,
      }),
    onSuccess: async (fresh, value) => {
      queries.setQueryData(["record", object.name, row.id], fresh);
      void queries.invalidateQueries({ queryKey: ["history", object.name, row.id] });
      void queries.invalidateQueries({ queryKey: ["record", object.name, row.id, "reference"] });
      void queries.invalidateQueries({ queryKey: ["groups", object.name] });
      await queries.invalidateQueries({ queryKey: ["records", object.name] });
      tell(
        t("records.changed", { field: names.field(field) }),
        "good",
        value === before ? undefined : { label: t("common.undo"), run: () => save.mutate(before) },
      );
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return {
    editable: may("record:update") && !field.read_only && EDITABLE.includes(field.type ?? "text"),
    keep: (value: unknown) => value !== before && save.mutate(value),
  };
}
