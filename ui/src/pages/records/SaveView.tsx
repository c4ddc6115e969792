import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeView } from "@/api/generated";
import type { ObjectSchema } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import type { ViewAnswer } from "@/api/views";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { sentence } from "@/components/Failure";
import { TextField } from "@/components/Field";
import { Tick } from "@/components/Tick";
import { tell } from "@/components/toast";
import { type List, searchOf } from "./useList";

/** Keeps what the list shows under a name: for oneself or for all, and as what the list begins with. */
export function SaveView({ object, list, onClose }: { object: ObjectSchema; list: List; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [first, setFirst] = useState(false);
  const make = useMutation({
    mutationFn: async () =>
      (await makeView({
        body: { object: object.name, name, shared, is_default: first, document: list.document },
        throwOnError: true,
      })) as unknown as ViewAnswer,
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["views", object.name] });
      tell(t("records.viewSaved"));
      onClose();
      list.show(searchOf(made), true);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t("records.saveView")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("records.viewName")}
          required
          maxLength={100}
          value={name}
          hint={t("records.viewNote")}
          error={make.isError ? sentence(asProblem(make.error).message) : null}
          onChange={(event) => setName(event.target.value)}
        />
        {may("record:update") && <Tick label={t("records.shareView")} checked={shared} onChange={setShared} />}
        <Tick label={t("records.beginView")} checked={first} onChange={setFirst} />
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
