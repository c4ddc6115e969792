import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addFields } from "@/api/generated";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Dialog } from "@/components/Dialog";
import { AreaField, SelectField, TextField } from "@/components/Field";
import { Tick } from "@/components/Tick";
import { tell } from "@/components/toast";
import { FormEnd } from "./FormEnd";
import { fieldName, linesOf, NAME } from "./naming";

type Type = NonNullable<FieldSchema["type"]>;
const TYPES: Type[] = [
  "text",
  "long_text",
  "choice",
  "multi_choice",
  "number",
  "integer",
  "money",
  "date",
  "datetime",
  "checkbox",
  "email",
  "phone",
  "url",
  "reference",
  "json",
];
const CHOICES: Type[] = ["choice", "multi_choice"];
const ALONE: Type[] = ["text", "email", "phone", "url", "integer"]; // types whose values may have to differ

/** A new field of an object: what it is called, what it holds, and what is checked. */
export function NewField({ object, all, onClose }: { object: ObjectSchema; all: ObjectSchema[]; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const [type, setType] = useState<Type>("text");
  const [choices, setChoices] = useState("");
  const [target, setTarget] = useState("Account");
  const [required, setRequired] = useState(false);
  const [unique, setUnique] = useState(false);
  const name = own ?? fieldName(label);
  const make = useMutation({
    mutationFn: () => {
      const field: FieldSchema = { name, label, type, required, unique: unique && ALONE.includes(type) };
      if (CHOICES.includes(type)) field.choices = linesOf(choices);
      if (type === "reference") field.reference = target;
      return addFields({ path: { object: object.name }, body: [field], throwOnError: true });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["objects"] });
      tell(t("settings.fieldMade", { field: label }));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t("settings.newFieldOf", { objects: names.plural(object) })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("settings.fieldLabel")}
          required
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <SelectField
          label={t("settings.fieldType")}
          value={type}
          onChange={(event) => setType(event.target.value as Type)}
        >
          {TYPES.map((each) => (
            <option key={each} value={each}>
              {t(`settings.types.${each}`)}
            </option>
          ))}
        </SelectField>
        {CHOICES.includes(type) && (
          <AreaField
            label={t("settings.choices")}
            hint={t("settings.choicesNote")}
            required
            value={choices}
            onChange={(event) => setChoices(event.target.value)}
          />
        )}
        {type === "reference" && (
          <SelectField
            label={t("settings.pointsTo")}
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          >
            {all.map((each) => (
              <option key={each.name} value={each.name}>
                {names.plural(each)}
              </option>
            ))}
          </SelectField>
        )}
        <TextField
          label={t("settings.programName")}
          hint={t("settings.programNote")}
          required
          pattern={NAME}
          className="font-mono"
          value={name}
          onChange={(event) => setOwn(event.target.value)}
        />
        <Tick label={t("settings.requiredNote")} checked={required} onChange={setRequired} />
        {ALONE.includes(type) && <Tick label={t("settings.uniqueNote")} checked={unique} onChange={setUnique} />}
        <FormEnd error={make.error} busy={make.isPending} label={t("settings.makeField")} onClose={onClose} />
      </form>
    </Dialog>
  );
}
