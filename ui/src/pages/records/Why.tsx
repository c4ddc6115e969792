import { useQuery } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type WhyAnswer, whyQuery } from "@/api/blueprints";
import { type DefinitionOf, workflowQuery, workflowsQuery } from "@/api/workflows";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { classes } from "@/lib/classes";

/** Why a workflow would start on this record or not: each condition, true or false, with the value it saw. */
export function Why({ record, object }: { record: string; object: string }) {
  const { t } = useTranslation();
  const workflows = (useQuery(workflowsQuery).data ?? []).filter((row) => row.version !== null);
  const [chosen, setChosen] = useState("");
  if (!workflows.length) return null;
  return (
    <Card title={t("records.why")} note={t("records.whyNote")}>
      <SelectField label={t("runs.workflow")} hidden value={chosen} onChange={(event) => setChosen(event.target.value)}>
        <option value="">{t("records.chooseWorkflow")}</option>
        {workflows.map((row) => (
          <option key={row.id} value={row.id}>
            {row.name}
          </option>
        ))}
      </SelectField>
      {chosen && <Asked workflow={chosen} record={record} object={object} />}
    </Card>
  );
}

/** Only a workflow that records of this kind start can be asked. */
function Asked({ workflow, record, object }: { workflow: string; record: string; object: string }) {
  const { t } = useTranslation();
  const definition = useQuery(workflowQuery(workflow));
  return (
    <Async query={definition} rows={2}>
      {(found) =>
        startsOn(found, object) ? (
          <Answered workflow={workflow} record={record} />
        ) : (
          <p className="mt-3 text-muted">{t("records.whyOther")}</p>
        )
      }
    </Async>
  );
}

function startsOn(definition: DefinitionOf, object: string): boolean {
  return Object.values(definition.nodes).some(
    (node) => ["trigger.record", "trigger.date_field"].includes(node.type) && node.params?.object === object,
  );
}

function Answered({ workflow, record }: { workflow: string; record: string }) {
  return (
    <Async query={useQuery(whyQuery(workflow, record))} rows={2}>
      {(found) => <Answer found={found} />}
    </Async>
  );
}

function Answer({ found }: { found: WhyAnswer }) {
  const { t } = useTranslation();
  return (
    <div className="mt-3 flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={found.starts ? "good" : "neutral"}>
          {t(found.starts ? "records.wouldStart" : "records.wouldNot")}
        </Badge>
        {found.state !== "on" && (
          <span className="text-muted">{t(`records.whyState.${found.state}`, found.state)}</span>
        )}
      </p>
      {found.triggers.map((trigger) => (
        <div key={trigger.node}>
          <p className="text-sm text-muted">
            {t(`records.reasons.${trigger.reason}`, { defaultValue: trigger.about, about: trigger.about })}
          </p>
          <ul className="mt-1.5 flex flex-col gap-1">
            {trigger.clauses.map((clause) => (
              <li key={clause.text} className="flex items-start gap-2">
                {clause.holds ? (
                  <Check className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
                ) : (
                  <X className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
                )}
                <span className="sr-only">{t(clause.holds ? "common.yes" : "common.no")}</span>
                <span className="min-w-0">
                  <code className={classes("font-mono text-sm break-words", !clause.holds && "text-bad")}>
                    {clause.text}
                  </code>
                  <span className="block text-sm text-muted">
                    {t("records.saw", { value: String(clause.value ?? t("common.none")) })}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
