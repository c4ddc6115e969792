import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pairsQuery } from "@/api/duplicates";
import type { ObjectSchema } from "@/api/objects";
import type { RecordRow } from "@/api/records";
import { useMay } from "@/api/session";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Dialog } from "@/components/Dialog";
import { MergeDialog } from "./MergeDialog";
import { ReferenceInput } from "./ReferenceInput";
import { RecordName } from "./Value";

/** Records that may be the same as this one, by the rules for duplicates; nothing where there are none. */
export function Duplicates({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const pairs = useQuery(pairsQuery(object.name, row.id)).data ?? [];
  const [other, setOther] = useState<string | null>(null);
  if (!pairs.length) return null;
  return (
    <Card title={t("records.duplicates")} note={t("records.duplicatesNote")}>
      <ul className="flex flex-col gap-2.5">
        {pairs.map((pair) => {
          const id = pair.record === row.id ? pair.other : pair.record;
          return (
            <li key={id} className="flex flex-wrap items-center gap-2">
              <Link
                to="/records/$object/$record"
                params={{ object: object.name, record: id }}
                className="min-w-0 flex-1 truncate font-medium underline-offset-2 hover:underline"
              >
                <RecordName object={object.name} id={id} />
              </Link>
              <span className="text-sm text-muted">{pair.rule}</span>
              {may("record:update") && (
                <Button small icon={<Merge aria-hidden />} onClick={() => setOther(id)}>
                  {t("records.compare")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {other && <MergeDialog object={object} row={row} other={other} onClose={() => setOther(null)} />}
    </Card>
  );
}

/** Merging with a record that no rule has found: it is chosen by its name. */
export function MergeButton({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const [choosing, setChoosing] = useState(false);
  const [other, setOther] = useState<string | null>(null);
  if (!may("record:update")) return null;
  const close = () => {
    setChoosing(false);
    setOther(null);
  };
  return (
    <>
      <Button icon={<Merge aria-hidden />} onClick={() => setChoosing(true)}>
        {t("records.mergeWith")}
      </Button>
      {choosing && !other && (
        <Dialog open onClose={close} title={t("records.mergeWith")}>
          <ReferenceInput
            object={object.name}
            label={t("records.mergeOther")}
            value=""
            leaveOut={row.id}
            onChange={setOther}
          />
        </Dialog>
      )}
      {other && <MergeDialog object={object} row={row} other={other} onClose={close} />}
    </>
  );
}
