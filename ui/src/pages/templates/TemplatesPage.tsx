import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HeartHandshake, LifeBuoy, Megaphone, TrendingUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { inLanguage, type TemplateRow, templatesQuery } from "@/api/templates";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { Page } from "@/components/Page";
import { Use } from "./Use";

const ICONS: Record<string, typeof TrendingUp> = {
  sales: TrendingUp,
  relationship: HeartHandshake,
  support: LifeBuoy,
  marketing: Megaphone,
};
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
          <h2 className="text-base leading-snug font-semibold">
            <Link
              to="/templates/$template"
              params={{ template: template.name }}
              className="underline-offset-2 hover:underline"
            >
              {inLanguage(template.titles)}
            </Link>
          </h2>
          <p className="text-sm text-muted">
            {t(`templates.scenarios.${template.scenario}`, template.scenario)} ·{" "}
            {t("templates.steps", { count: template.nodes })}
          </p>
        </div>
      </div>
      <p className="mt-3 line-clamp-4 flex-1 text-base text-muted">{inLanguage(template.descriptions)}</p>
      <div className="mt-4 flex gap-2">
        <Link to="/templates/$template" params={{ template: template.name }} className={buttonClasses("plain")}>
          {t("templates.preview")}
          <span className="sr-only">{inLanguage(template.titles)}</span>
        </Link>
        {may("template:execute") && (
          <Button onClick={onUse}>
            {t("templates.use")}
            <span className="sr-only">{inLanguage(template.titles)}</span>
          </Button>
        )}
      </div>
    </li>
  );
}
