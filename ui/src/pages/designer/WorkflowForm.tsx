import { useTranslation } from "react-i18next";
import { useDesigner } from "@/canvas/DesignerContext";
import type { Definition } from "@/canvas/document";
import { AreaField, SelectField, TextField } from "@/components/Field";

/** What holds for the whole workflow. */
export function WorkflowForm() {
  const { t } = useTranslation();
  const { definition, change, readOnly } = useDesigner();
  const settings = definition.settings ?? {};
  const set = (part: Partial<Definition>, key: string) => change((now) => ({ ...now, ...part }), key);
  const setting = (name: string, value: unknown) =>
    change((now) => {
      const { [name]: _, ...others } = now.settings ?? {};
      const next = value === "" || value === undefined ? others : { ...others, [name]: value };
      return { ...now, settings: Object.keys(next).length ? next : undefined };
    }, `setting:${name}`);
  return (
    <fieldset disabled={readOnly} className="flex flex-col gap-4 p-4">
      <h2 className="text-base font-semibold">{t("canvas.workflow")}</h2>
      <TextField
        label={t("canvas.name")}
        value={definition.name}
        required
        onChange={(event) => set({ name: event.target.value }, "name")}
      />
      <AreaField
        label={t("canvas.description")}
        value={definition.description ?? ""}
        onChange={(event) => set({ description: event.target.value || undefined }, "description")}
      />
      <TextField
        label={t("canvas.runLimit")}
        hint={t("canvas.runLimitHint")}
        placeholder="2 days"
        value={String(settings.time_limit ?? "")}
        onChange={(event) => setting("time_limit", event.target.value)}
      />
      <TextField
        label={t("canvas.timezone")}
        placeholder="UTC"
        value={String(settings.timezone ?? "")}
        onChange={(event) => setting("timezone", event.target.value)}
      />
      <SelectField
        label={t("canvas.keepData")}
        hint={t("canvas.keepDataHint")}
        value={String(settings.log ?? "failures")}
        onChange={(event) => setting("log", event.target.value)}
      >
        {["failures", "all", "sample", "none"].map((policy) => (
          <option key={policy} value={policy}>
            {t(`canvas.keepDataOf.${policy}`)}
          </option>
        ))}
      </SelectField>
      <div className="rounded-lg bg-sunken px-3 py-2.5 text-sm text-muted">
        <p className="mb-1 font-medium text-ink">{t("canvas.tips.title")}</p>
        <ul className="list-disc pl-4">
          {["add", "connect", "undo", "copy"].map((tip) => (
            <li key={tip}>{t(`canvas.tips.${tip}`)}</li>
          ))}
        </ul>
      </div>
    </fieldset>
  );
}
