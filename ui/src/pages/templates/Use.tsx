import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTemplate as publishTemplate } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { inLanguage, type TemplateRow } from "@/api/templates";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { tell } from "@/components/toast";

/** Asks once more before the workflow of a template is switched on. */
export function Use({ template, onClose }: { template: TemplateRow; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [sample, setSample] = useState(true);
  const use = useMutation({
    mutationFn: async () =>
      (await publishTemplate({
        path: { template: template.name },
        query: { sample },
        throwOnError: true,
      })) as unknown as {
        workflow: string;
      },
    onSuccess: ({ workflow }) => {
      void queries.invalidateQueries();
      tell(t("templates.used", { name: inLanguage(template.titles) }));
      void navigate({ to: "/workflows/$workflow", params: { workflow } });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return (
    <Dialog open onClose={onClose} title={inLanguage(template.titles)}>
      <p className="text-base text-muted">{t("templates.useNote")}</p>
      <label className="mt-4 flex items-start gap-2.5 text-base">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={sample}
          onChange={(event) => setSample(event.target.checked)}
        />
        {t("templates.sample")}
      </label>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button look="primary" busy={use.isPending} onClick={() => use.mutate()}>
          {t("templates.use")}
        </Button>
      </div>
    </Dialog>
  );
}
