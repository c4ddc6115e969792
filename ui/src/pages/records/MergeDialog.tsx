import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { merge } from "@/api/duplicates";
import { type ObjectSchema, useNames } from "@/api/objects";
import { type RecordRow, recordQuery } from "@/api/records";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { tell } from "@/components/toast";
import { Foretold } from "./Foretold";
import { MergeTable } from "./MergeTable";

interface Props {
  object: ObjectSchema;
  row: RecordRow;
  other: string;
  onClose: () => void;
}

/** Two records side by side: which one stays, and whose value each field keeps. */
export function MergeDialog({ object, row, other, onClose }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const found = useQuery(recordQuery(object.name, other));
  return (
    <Dialog wide open onClose={onClose} title={t("records.mergeTitle", { objects: names.plural(object) })}>
      <Async query={found}>{(second) => <Compare object={object} pair={[row, second]} onClose={onClose} />}</Async>
    </Dialog>
  );
}

const KEPT = ["id", "createdAt", "updatedAt", "deletedAt"];
const isEmpty = (value: unknown) => value === null || value === undefined || value === "" || String(value) === "";
const differ = (one: unknown, other: unknown) => JSON.stringify(one ?? null) !== JSON.stringify(other ?? null);

function Compare({
  object,
  pair,
  onClose,
}: {
  object: ObjectSchema;
  pair: [RecordRow, RecordRow];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const oldest = String(pair[0].createdAt) <= String(pair[1].createdAt) ? 0 : 1;
  const [keep, setKeep] = useState(oldest);
  const [chosen, setChosen] = useState<Record<string, number>>({});
  const fields = object.fields.filter(
    (field) => !field.read_only && !KEPT.includes(field.name) && differ(pair[0][field.name], pair[1][field.name]),
  );
  const sideOf = (name: string) => chosen[name] ?? (isEmpty(pair[keep]?.[name]) ? 1 - keep : keep);
  const values = Object.fromEntries(
    fields.map((field) => [field.name, pair[sideOf(field.name)]?.[field.name] ?? null]),
  );
  const body = { ids: pair.map((each) => each.id), keep: pair[keep]?.id, values };
  const make = useMutation({
    mutationFn: () => merge(object.name, body),
    onSuccess: (done) => {
      void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "merge" }); // the trial is over
      tell(t("records.merged", { object: names.singular(object) }));
      onClose();
      const record = String(done.record.id);
      void navigate({ to: "/records/$object/$record", params: { object: object.name, record } });
    },
  });
  return (
    <div className="flex flex-col gap-4">
      <Foretold object={object} body={body} gone={pair[1 - keep] as RecordRow} />
      <MergeTable
        object={object}
        pair={pair}
        fields={fields}
        keep={keep}
        onKeep={(side) => {
          setKeep(side);
          setChosen({});
        }}
        sideOf={sideOf}
        onChoose={(name, side) => setChosen({ ...chosen, [name]: side })}
      />
      {make.isError && <Failure error={make.error} />}
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-raised px-5 py-3">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button look="primary" busy={make.isPending} onClick={() => make.mutate()}>
          {t("records.mergeNow")}
        </Button>
      </div>
    </div>
  );
}
