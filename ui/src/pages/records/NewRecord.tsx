import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createRecord } from "@/api/generated";
import { type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { tell } from "@/components/toast";
import { FieldInput } from "./FieldInput";

const FIRST = [
  "firstName",
  "lastName",
  "name",
  "subject",
  "company",
  "email",
  "phone",
  "stage",
  "status",
  "priority",
  "amount",
  "source",
];

/** The few fields that a new record begins with; the rest is filled in on its own page. */
export function NewRecord({ object, onClose }: { object: ObjectSchema; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fields = object.fields
    .filter(
      (field) =>
        !field.read_only && (field.required || FIRST.includes(field.name) || object.custom) && field.type !== "json",
    )
    .slice(0, 9);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const make = useMutation({
    mutationFn: async () => {
      const given = Object.entries(values).filter(([, value]) => value !== null && value !== "");
      const body = Object.fromEntries(given);
      return (await createRecord({ path: { object: object.name }, body, throwOnError: true })) as unknown as {
        id: string;
      };
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["records", object.name] });
      tell(t("records.made", { object: names.singular(object) }));
      onClose();
      void navigate({ to: "/records/$object/$record", params: { object: object.name, record: made.id } });
    },
  });
  const problem = make.isError ? asProblem(make.error) : null;
  const wrong = (problem as { where?: { field?: string } } | null)?.where?.field;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t("records.new", { object: names.singular(object) })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            required={!!field.required}
            value={values[field.name]}
            error={wrong === field.name ? problem?.message : null}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {problem && !wrong && (
          <p role="alert" className="text-base text-bad">
            {problem.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={make.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
