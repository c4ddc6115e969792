import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { type Asked, everyRecord, nameOf } from "@/api/records";
import { Button } from "@/components/Button";
import { tell } from "@/components/toast";
import { csvOf, download } from "@/lib/csv";
import { number } from "@/lib/format";

/** What the list shows, with its filter, order and columns, as a file. */
export function ExportButton({
  object,
  columns,
  asked,
}: {
  object: ObjectSchema;
  columns: FieldSchema[];
  asked: Asked;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const save = useMutation({
    mutationFn: () => everyRecord(object.name, asked),
    onSuccess: (rows) => {
      const head = ["id", t("records.name"), ...columns.map(names.field)];
      const body = rows.map((row) => [row.id, nameOf(object, row), ...columns.map((field) => row[field.name])]);
      download(`${object.plural.toLowerCase().replaceAll(" ", "-")}.csv`, csvOf([head, ...body]));
      tell(t("records.exported", { count: rows.length, rows: number(rows.length) }));
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return (
    <Button icon={<Download aria-hidden />} busy={save.isPending} onClick={() => save.mutate()}>
      {t("records.export")}
    </Button>
  );
}
