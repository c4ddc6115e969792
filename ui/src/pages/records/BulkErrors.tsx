import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ManyAnswer } from "@/api/many";
import type { ObjectSchema } from "@/api/objects";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { sentence } from "@/components/Failure";
import { number } from "@/lib/format";
import { RecordName } from "./Value";

const SHOWN = 100;

/** The records that were left as they are, each with its reason. */
export function BulkErrors({
  object,
  answer,
  onClose,
}: {
  object: ObjectSchema;
  answer: ManyAnswer;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const count = answer.errors.length;
  const done = answer.changed.length;
  return (
    <Dialog wide open onClose={onClose} title={t("records.refusedMany", { count, shown: number(count) })}>
      <div className="flex flex-col gap-3">
        <p className="text-muted">{t("records.refusedNote", { count: done, shown: number(done) })}</p>
        <ul className="flex flex-col divide-y divide-line">
          {answer.errors.slice(0, SHOWN).map(({ record, error }) => (
            <li key={record} className="flex flex-wrap gap-x-4 py-2">
              <Link
                to="/records/$object/$record"
                params={{ object: object.name, record }}
                className="w-44 truncate font-medium underline-offset-2 hover:underline"
              >
                <RecordName object={object.name} id={record} />
              </Link>
              <span className="min-w-0 flex-1 basis-60 text-bad">
                {sentence(String((error as { message?: unknown }).message ?? ""))}
              </span>
            </li>
          ))}
        </ul>
        {count > SHOWN && (
          <p className="text-sm text-muted">{t("records.andMore", { shown: number(count - SHOWN) })}</p>
        )}
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            {t("common.close")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
