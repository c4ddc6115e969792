import { Cable, Database, Mail, PlugZap, UsersRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "@/api/templates";
import { Card } from "@/components/Card";

/** What has to be there for a template to do its work; what is missing is made or said. */
export function Needs({ template }: { template: Template }) {
  const { t } = useTranslation();
  const nodes = Object.values(template.definition.nodes);
  const objects = [...new Set(nodes.map((node) => node.params?.object).filter((each) => typeof each === "string"))];
  const list = (names: readonly string[]) => names.join(t("templates.comma"));
  const named = objects.map((object) => t(`records.objects.${object}.plural`, object));
  const mails = nodes.some((node) => node.type.startsWith("mail."));
  const outside = nodes.some((node) => node.type.startsWith("http."));
  return (
    <Card title={t("templates.needs")}>
      <ul className="flex flex-col gap-2.5 text-base">
        {!!named.length && <Need icon={Database}>{t("templates.need.objects", { names: list(named) })}</Need>}
        {!!template.teams.length && (
          <Need icon={UsersRound}>{t("templates.need.teams", { names: list(template.teams) })}</Need>
        )}
        {mails && <Need icon={Mail}>{t("templates.need.mail")}</Need>}
        {!!template.connections.length && (
          <Need icon={PlugZap}>{t("templates.need.connections", { names: list(template.connections) })}</Need>
        )}
        <Need icon={Cable}>{t(outside ? "templates.need.outside" : "templates.need.nothingOutside")}</Need>
      </ul>
    </Card>
  );
}

function Need({ icon: Icon, children }: { icon: typeof Mail; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5">
      <Icon className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
      <span>{children}</span>
    </li>
  );
}
