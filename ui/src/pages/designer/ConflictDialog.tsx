import { useTranslation } from "react-i18next";
import { compare, type Difference } from "@/canvas/compare";
import type { Definition } from "@/canvas/document";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Table, Td, Th } from "@/components/Table";
import { textOf } from "@/lib/items";
import type { Keeping } from "./useDraft";

/** Somebody else has saved meanwhile: nothing is overwritten before a person has compared and said so. */
export function ConflictDialog({
  keeping,
  mine,
  onTheirs,
}: {
  keeping: Keeping;
  mine: Definition;
  onTheirs: () => void;
}) {
  const { t } = useTranslation();
  const theirs = keeping.theirs;
  const differing = theirs ? compare(mine, theirs.definition) : [];
  return (
    <Dialog wide open={!!theirs} onClose={keeping.later} title={t("canvas.conflict.title")}>
      <p className="mb-3">
        {t("canvas.conflict.note", { who: theirs?.by ?? "?" })} {!differing.length && t("canvas.conflict.same")}
      </p>
      {differing.length > 0 && <Compared differing={differing} />}
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button onClick={onTheirs}>{t("canvas.conflict.theirs")}</Button>
        <Button look="primary" onClick={keeping.keepMine}>
          {t("canvas.conflict.mine")}
        </Button>
      </div>
    </Dialog>
  );
}

function Compared({ differing }: { differing: Difference[] }) {
  const { t } = useTranslation();
  const rows = differing.flatMap((found) =>
    found.only
      ? [{ ...found, path: "", mine: there(found.only === "mine"), theirs: there(found.only === "theirs") }]
      : found.fields.map((field) => ({ ...found, ...field })),
  );
  function there(is: boolean): string {
    return t(is ? "canvas.conflict.there" : "canvas.conflict.missing");
  }
  return (
    <div className="rounded-lg border border-line">
      <Table
        label={t("canvas.conflict.compare")}
        head={["what", "yours", "others"].map((column) => <Th key={column}>{t(`canvas.conflict.${column}`)}</Th>)}
      >
        {rows.map((row) => (
          <tr key={`${row.kind} ${row.id} ${row.path}`} className="text-sm">
            <Td>
              <span className="font-medium">{row.name}</span>
              {row.path && <span className="block font-mono text-xs text-muted">{row.path}</span>}
            </Td>
            <Td className="max-w-52 break-words">{textOf(row.mine) || "–"}</Td>
            <Td className="max-w-52 break-words">{textOf(row.theirs) || "–"}</Td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
