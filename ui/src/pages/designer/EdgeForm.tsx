import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { remove, updateEdge } from "@/canvas/commands";
import { useDesigner } from "@/canvas/DesignerContext";
import { nodeName } from "@/canvas/document";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";

export function EdgeForm({ id }: { id: string }) {
  const { t } = useTranslation();
  const { definition, change, readOnly } = useDesigner();
  const edge = definition.edges[id];
  if (!edge) return null;
  return (
    <fieldset disabled={readOnly} className="flex flex-col gap-4 p-4">
      <p className="font-medium">
        {t("canvas.edgeName", { source: nodeName(definition, edge.source), target: nodeName(definition, edge.target) })}
      </p>
      <TextField
        label={t("canvas.label")}
        value={edge.label ?? ""}
        onChange={(event) => change((now) => updateEdge(now, id, { label: event.target.value }), `label:${id}`)}
      />
      <TextField
        label={t("canvas.limit")}
        hint={t("canvas.limitHint")}
        type="number"
        min={1}
        value={edge.limit ?? ""}
        onChange={(event) =>
          change(
            (now) => updateEdge(now, id, { limit: event.target.value ? Number(event.target.value) : undefined }),
            `limit:${id}`,
          )
        }
      />
      <Button look="danger" icon={<Trash2 aria-hidden />} onClick={() => change((now) => remove(now, [], [id]))}>
        {t("canvas.delete")}
      </Button>
    </fieldset>
  );
}
