import { useTranslation } from "react-i18next";
import type { Definition } from "@/canvas/document";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import type { Keeping } from "./useDraft";

/** Somebody else has saved meanwhile: nothing is overwritten before a person has said so. */
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
  const differing = theirs ? differences(mine, theirs.definition) : [];
  return (
    <Dialog open={keeping.state === "conflict"} onClose={() => {}} title={t("canvas.conflict.title")}>
      <p className="mb-3">{t("canvas.conflict.note", { who: theirs?.by ?? "?" })}</p>
      <ul className="mb-4 list-disc pl-5 text-sm text-muted">
        {differing.slice(0, 8).map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onTheirs}>{t("canvas.conflict.theirs")}</Button>
        <Button look="primary" onClick={keeping.keepMine}>
          {t("canvas.conflict.mine")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Names of the nodes that differ in what they do; places on the canvas do not count. */
export function differences(one: Definition, other: Definition): string[] {
  const ids = new Set([...Object.keys(one.nodes), ...Object.keys(other.nodes)]);
  const said = (definition: Definition, id: string) => JSON.stringify({ ...definition.nodes[id], position: undefined });
  return [...ids]
    .filter((id) => said(one, id) !== said(other, id))
    .map((id) => one.nodes[id]?.name ?? other.nodes[id]?.name ?? id);
}
