import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addObject } from "@/api/generated";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { tell } from "@/components/toast";
import { FormEnd } from "./FormEnd";
import { NAME, objectName } from "./naming";

/** A new kind of record. It begins with a name, an owner and its times; fields are added after. */
export function NewObject({ onClose, onMade }: { onClose: () => void; onMade: (name: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const [plural, setPlural] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const name = own ?? objectName(label);
  const make = useMutation({
    mutationFn: () => {
      const fields = [{ name: "name", label: t("records.name"), required: true }];
      return addObject({ body: { name, label, plural, fields, name_field: "name" }, throwOnError: true });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["objects"] });
      tell(t("settings.objectMade", { objects: plural }));
      onMade(name);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t("settings.newObject")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("settings.oneOf")}
          placeholder={t("settings.oneExample")}
          required
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <TextField
          label={t("settings.severalOf")}
          placeholder={t("settings.severalExample")}
          required
          maxLength={100}
          value={plural}
          onChange={(event) => setPlural(event.target.value)}
        />
        <TextField
          label={t("settings.programName")}
          hint={t("settings.programNote")}
          required
          pattern={NAME}
          className="font-mono"
          value={name}
          onChange={(event) => setOwn(event.target.value)}
        />
        <FormEnd error={make.error} busy={make.isPending} label={t("settings.makeObject")} onClose={onClose} />
      </form>
    </Dialog>
  );
}
