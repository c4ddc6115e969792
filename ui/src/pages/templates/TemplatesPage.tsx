import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { HeartHandshake, LifeBuoy, Megaphone, TrendingUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TemplateRow } from "@/api/generated";
import { listTemplates, useTemplate as publishTemplate } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Page } from "@/components/Page";
import { tell } from "@/components/toast";
import { currentLanguage } from "@/i18n";

const ICONS: Record<string, typeof TrendingUp> = {
  sales: TrendingUp,
  relationship: HeartHandshake,
  support: LifeBuoy,
  marketing: Megaphone,
};
const templatesQuery = queryOptions({
  queryKey: ["templates"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await listTemplates({ throwOnError: true })) as unknown as TemplateRow[],
});

function inLanguage(texts: Record<string, string>): string {
  return (currentLanguage() === "zh-CN" ? texts.zh : texts.en) ?? texts.en ?? "";
}

export function TemplatesPage() {
  const { t } = useTranslation();
  const query = useQuery(templatesQuery);
  const [scenario, setScenario] = useState("");
  const [chosen, setChosen] = useState<TemplateRow | null>(null);
  return (
    <Page title={t("templates.title")} note={t("templates.note")}>
      <Async query={query}>
        {(all) => (
          <>
            <fieldset className="flex flex-wrap gap-1.5">
              <legend className="sr-only">{t("templates.scenario")}</legend>
              {["", ...new Set(all.map((each) => each.scenario))].map((each) => (
                <Button
                  key={each}
                  small
                  look={scenario === each ? "primary" : "plain"}
                  aria-pressed={scenario === each}
                  onClick={() => setScenario(each)}
                >
                  {each ? t(`templates.scenarios.${each}`, each) : t("common.all")}
                </Button>
              ))}
            </fieldset>
            <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
              {all
                .filter((each) => !scenario || each.scenario === scenario)
                .map((each) => (
                  <Tile key={each.name} template={each} onUse={() => setChosen(each)} />
                ))}
            </ul>
          </>
        )}
      </Async>
      {chosen && <Use template={chosen} onClose={() => setChosen(null)} />}
    </Page>
  );
}

function Tile({ template, onUse }: { template: TemplateRow; onUse: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const Icon = ICONS[template.scenario] ?? TrendingUp;
  return (
    <li className="flex flex-col rounded-xl border border-line bg-surface p-4 shadow-card">
      <div className="flex items-start gap-3">
        <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-strong">
          <Icon className="size-4.5" aria-hidden />
        </span>
        <div className="min-w-0">
          <h2 className="text-base leading-snug font-semibold">{inLanguage(template.titles)}</h2>
          <p className="text-sm text-muted">
            {t(`templates.scenarios.${template.scenario}`, template.scenario)} ·{" "}
            {t("templates.steps", { count: template.nodes })}
          </p>
        </div>
      </div>
      <p className="mt-3 line-clamp-4 flex-1 text-base text-muted">{inLanguage(template.descriptions)}</p>
      {may("template:execute") && (
        <Button className="mt-4 self-start" onClick={onUse}>
          {t("templates.use")}
          <span className="sr-only">{inLanguage(template.titles)}</span>
        </Button>
      )}
    </li>
  );
}

function Use({ template, onClose }: { template: TemplateRow; onClose: () => void }) {
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
