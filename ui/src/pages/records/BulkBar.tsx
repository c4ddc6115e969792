import { Pencil, Trash2, UserRound, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MOST } from "@/api/many";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { useMay } from "@/api/session";
import { Button } from "@/components/Button";
import { number } from "@/lib/format";
import { BulkErrors } from "./BulkErrors";
import { BulkSet } from "./BulkSet";
import { useBulk } from "./useBulk";
import type { Selection } from "./useSelection";

interface Props {
  object: ObjectSchema;
  selection: Selection;
  total: number;
}

/** What can be done with the rows that are ticked, or with all that match; and what was refused when it was done. */
export function BulkBar(props: Props) {
  const bulk = useBulk(props.object, props.selection);
  return (
    <>
      {props.selection.some && <Bar {...props} bulk={bulk} />}
      {bulk.errors && <BulkErrors object={props.object} answer={bulk.errors} onClose={bulk.seen} />}
    </>
  );
}

function Bar({ object, selection, total, bulk }: Props & { bulk: ReturnType<typeof useBulk> }) {
  const { t } = useTranslation();
  const may = useMay();
  const names = useNames();
  const [setting, setSetting] = useState<{ field?: FieldSchema } | null>(null);
  const owner = object.fields.find((field) => field.name === "ownerId" && !field.read_only);
  const count = selection.all ? total : selection.ids.size;
  const more = !selection.all && total > selection.ids.size;
  return (
    <section
      aria-label={t("records.bulk")}
      className="flex flex-wrap items-center gap-2 rounded-xl border border-accent/40 bg-accent-soft px-3 py-2"
    >
      <p aria-live="polite" className="mr-1 text-base font-medium text-accent-strong">
        {t("records.selected", { count, shown: number(count) })}
      </p>
      {more &&
        (total <= MOST ? (
          <Button small onClick={selection.takeAll}>
            {t("records.selectAll", { count: total, shown: number(total) })}
          </Button>
        ) : (
          <p className="text-sm text-muted">{t("records.selectCap", { most: number(MOST) })}</p>
        ))}
      <div className="ml-auto flex flex-wrap gap-2">
        {may("record:update") && (
          <Button small icon={<Pencil aria-hidden />} onClick={() => setSetting({})}>
            {t("records.setField")}
          </Button>
        )}
        {may("record:update") && owner && (
          <Button small icon={<UserRound aria-hidden />} onClick={() => setSetting({ field: owner })}>
            {t("records.edit", { field: names.field(owner) })}
          </Button>
        )}
        {may("record:delete") && (
          <Button
            small
            look="danger"
            icon={<Trash2 aria-hidden />}
            busy={bulk.remove.isPending}
            onClick={() => bulk.remove.mutate()}
          >
            {t("common.delete")}
          </Button>
        )}
        <Button
          small
          look="quiet"
          icon={<X aria-hidden />}
          aria-label={t("records.selectNone")}
          onClick={selection.clear}
        />
      </div>
      {setting && (
        <BulkSet
          object={object}
          start={setting.field}
          count={count}
          busy={bulk.update.isPending}
          error={bulk.update.error}
          onSet={(values) => bulk.update.mutate({ values })}
          onClose={() => setSetting(null)}
        />
      )}
    </section>
  );
}
