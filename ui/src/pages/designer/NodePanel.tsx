import { Copy, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { duplicate, remove, rename, setParam, update } from "@/canvas/commands";
import { problemsOf, useDesigner } from "@/canvas/DesignerContext";
import { type FormField, formOf } from "@/canvas/form";
import { Button } from "@/components/Button";
import { AreaField, SelectField, TextField } from "@/components/Field";
import { Connections } from "./Connections";
import { ParamField } from "./ParamField";

/** Everything about one node: its name, the form of its type, where it leads, and how it is measured and run. */
export function NodePanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const designer = useDesigner();
  const { definition, types, change, select, readOnly } = designer;
  const node = definition.nodes[id];
  const type = types.get(node?.type ?? "");
  const fields = useMemo(() => (type ? formOf(type.params) : []), [type]);
  const [name, setName] = useState(node?.name ?? id);
  const [opened] = useState(() => new Set(Object.keys(node?.params ?? {}))); // a field stays where it is while it is filled
  if (!node) return null;
  const params = node.params ?? {};
  const objectName = typeof params.object === "string" ? params.object : undefined;
  const problems = problemsOf(designer, id);
  const faultOf = (field: string) =>
    problems.find((problem) => problem.field === field || problem.field?.startsWith(`${field}.`))?.message;
  const general = problems.filter((problem) => !fields.some((field) => faultOf(field.name) === problem.message));
  const shown = fields.filter((field) => field.required || opened.has(field.name));
  const others = fields.filter((field) => !shown.includes(field));
  const param = (field: FormField) => (
    <ParamField
      key={field.name}
      field={field}
      value={params[field.name]}
      objectName={objectName}
      error={faultOf(field.name)}
      onChange={(value) => change((now) => setParam(now, id, field.name, value), `param:${id}:${field.name}`)}
    />
  );
  const set = (change_: Parameters<typeof update>[2], key: string) => change((now) => update(now, id, change_), key);
  return (
    <fieldset disabled={readOnly} className="flex flex-col gap-4 p-4">
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label={t("canvas.name")}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={() => change((now) => rename(now, id, name))}
          />
        </div>
        <Button
          icon={<Copy aria-hidden />}
          aria-label={t("canvas.duplicate")}
          onClick={() => {
            const copy = duplicate(definition, [id]);
            change(() => copy.definition);
            select({ nodes: copy.ids, edges: [] });
          }}
        />
        <Button
          look="danger"
          icon={<Trash2 aria-hidden />}
          aria-label={t("canvas.delete")}
          onClick={() => change((now) => remove(now, [id], []))}
        />
      </div>
      <p className="text-sm text-muted">{type?.description ?? t("canvas.unknownType", { type: node.type })}</p>
      {general.map((problem) => (
        <p key={problem.message} role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
          {problem.message} {problem.hint}
        </p>
      ))}
      {shown.map(param)}
      {others.length > 0 && (
        <details className="rounded-lg border border-line">
          <summary className="px-3 py-2 text-sm font-medium">{t("canvas.options", { count: others.length })}</summary>
          <div className="flex flex-col gap-4 border-t border-line p-3">{others.map(param)}</div>
        </details>
      )}
      <Connections id={id} />
      <details className="group rounded-lg border border-line">
        <summary className="px-3 py-2 text-sm font-medium">{t("canvas.more")}</summary>
        <div className="flex flex-col gap-3 border-t border-line p-3">
          <TextField
            label={t("canvas.timeLimit")}
            hint={t("canvas.timeLimitHint")}
            value={String(node.time_limit ?? "")}
            placeholder="2 h"
            onChange={(event) => set({ time_limit: event.target.value || undefined }, `limit:${id}`)}
          />
          <SelectField
            label={t("canvas.lane")}
            value={node.lane ?? ""}
            onChange={(event) => set({ lane: event.target.value || undefined }, `lane:${id}`)}
          >
            <option value="">{t("canvas.noLane")}</option>
            {Object.entries(definition.lanes ?? {}).map(([lane, { name: laneName }]) => (
              <option key={lane} value={lane}>
                {laneName}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t("canvas.onError")}
            value={node.on_error ?? "stop"}
            onChange={(event) =>
              set(
                { on_error: event.target.value === "stop" ? undefined : (event.target.value as "continue" | "branch") },
                `error:${id}`,
              )
            }
          >
            {["stop", "continue", "branch"].map((way) => (
              <option key={way} value={way}>
                {t(`canvas.errorWays.${way}`)}
              </option>
            ))}
          </SelectField>
          <TextField
            label={t("canvas.cost")}
            type="number"
            min={0}
            step="any"
            value={node.cost ?? ""}
            onChange={(event) =>
              set({ cost: event.target.value ? Number(event.target.value) : undefined }, `cost:${id}`)
            }
          />
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={node.disabled ?? false}
              onChange={(event) => set({ disabled: event.target.checked || undefined }, `off:${id}`)}
            />
            {t("canvas.disabled")}
          </label>
          <AreaField
            label={t("canvas.notes")}
            value={node.notes ?? ""}
            onChange={(event) => set({ notes: event.target.value }, `notes:${id}`)}
          />
          <p className="text-xs text-muted">
            {t("canvas.id")}: <code>{id}</code> · <code>{node.type}</code>
          </p>
        </div>
      </details>
    </fieldset>
  );
}
