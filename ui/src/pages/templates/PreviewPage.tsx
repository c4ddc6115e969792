import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { inLanguage, type Template, templateQuery } from "@/api/templates";
import { NOTHING, type Selection } from "@/canvas/useDocument";
import { Viewer } from "@/canvas/Viewer";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Items } from "@/components/Items";
import { Page } from "@/components/Page";
import { NodeList } from "../workflows/NodeList";
import { Expectations } from "./Expectations";
import { Needs } from "./Needs";
import { Use } from "./Use";

const route = getRouteApi("/inside/templates/$template");
const PLAIN = { nodes: {}, lit: new Set<string>() };

/** A template before it is used: drawn, with what it needs, its sample data, and what those come to. */
export function PreviewPage() {
  const { t } = useTranslation();
  const { template } = route.useParams();
  const may = useMay();
  const query = useQuery(templateQuery(template));
  const [using, setUsing] = useState(false);
  const found = query.data;
  return (
    <Page
      title={found ? inLanguage(found.titles) : template}
      note={found && t(`templates.scenarios.${found.scenario}`, found.scenario)}
      actions={
        <>
          <Link to="/templates" className={buttonClasses("plain")}>
            {t("templates.all")}
          </Link>
          {found && may("template:execute") && (
            <Button look="primary" onClick={() => setUsing(true)}>
              {t("templates.use")}
            </Button>
          )}
        </>
      }
    >
      <Async query={query}>{(shown) => <Shown template={shown} />}</Async>
      {found && using && <Use template={found} onClose={() => setUsing(false)} />}
    </Page>
  );
}

function Shown({ template }: { template: Template }) {
  const { t } = useTranslation();
  const [selection, select] = useState<Selection>(NOTHING);
  return (
    <>
      <p className="max-w-3xl text-base">{inLanguage(template.descriptions)}</p>
      <section
        aria-label={t("templates.drawn")}
        className="h-64 overflow-hidden rounded-xl border border-line bg-surface shadow-card sm:h-96"
      >
        <Viewer definition={template.definition} overlay={PLAIN} selection={selection} select={select} />
      </section>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Needs template={template} />
        <Expectations template={template} />
      </div>
      <Card title={t("templates.sampleTitle")} note={t("templates.sampleNote")}>
        <div className="flex flex-col gap-5">
          {Object.entries(template.sample).map(([object, rows]) => (
            <Items key={object} label={t(`records.objects.${object}.plural`, object)} items={rows.map(readable)} />
          ))}
        </div>
      </Card>
      <Card flush title={t("templates.stepsTitle")}>
        <NodeList definition={template.definition} />
      </Card>
    </>
  );
}

/** A sample record with the names that its references are found by: `@email=sam@example.com` is that person. */
function readable(row: Record<string, unknown>): Record<string, unknown> {
  const plain = (value: unknown) => (typeof value === "string" ? value.replace(/^@(\w+ )?\w+=/, "→ ") : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}
