import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addChoices } from "@/api/generated";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Dialog } from "@/components/Dialog";
import { AreaField } from "@/components/Field";
import { tell } from "@/components/toast";
import { FormEnd } from "./FormEnd";
import { linesOf } from "./naming";

/** More choices for a field, such as the stages of a pipeline of one's own. */
export function AddChoices({
  object,
  field,
  onClose,
}: {
  object: ObjectSchema;
  field: FieldSchema;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () =>
      addChoices({ path: { object: object.name, field: field.name }, body: linesOf(text), throwOnError: true }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["objects"] });
      tell(t("settings.choicesAdded", { field: names.field(field) }));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t("settings.addChoicesTo", { field: names.field(field) })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t("settings.choicesNow", { list: field.choices?.join(", ") })}</p>
        <AreaField
          label={t("settings.choices")}
          hint={t("settings.choicesNote")}
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <FormEnd error={add.error} busy={add.isPending} label={t("settings.addChoices")} onClose={onClose} />
      </form>
    </Dialog>
  );
}
