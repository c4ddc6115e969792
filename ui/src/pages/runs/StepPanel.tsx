import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "@/api/definition";
import type { RunAnswer, StepRow } from "@/api/runs";
import { nodeName } from "@/canvas/document";
import { SelectField } from "@/components/Field";
import { Items } from "@/components/Items";
import { Trouble } from "@/components/Trouble";
import { ago, between, dateTime, number, span } from "@/lib/format";
import { GoOn } from "./GoOn";

type Place = RunAnswer["waiting_at"][number];

/** One node of a run: when it was passed and how, what came in and went out, what it waits for. */
export function StepPanel({ node, definition, found }: { node: string; definition: Definition; found: RunAnswer }) {
  const { t } = useTranslation();
  const steps = found.steps.filter((step) => step.node === node);
  const standing = found.waiting_at.find((place) => place.node === node);
  const waiting = found.summary.status === "waiting" ? standing : undefined;
  const [chosen, choose] = useState<number | null>(null);
  const place = chosen ?? steps.length - 1;
  const step = steps[place];
  const final = found.summary.status === "failed" && standing && place === steps.length - 1;
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold">{nodeName(definition, node)}</h2>
          <p className="font-mono text-xs text-muted">{definition.nodes[node]?.type}</p>
        </div>
        <GoOn node={node} definition={definition} found={found} />
        {steps.length > 1 && <Executions steps={steps} place={place} choose={choose} />}
      </header>
      {waiting && <Waiting place={waiting} />}
      {step && <Done step={step} />}
      {step?.data?.error && !final && <Trouble error={step.data.error} />}
      {step?.data ? (
        <div className="grid gap-4 lg:grid-cols-2">
          <Ports title={t("runs.input")} ports={step.data.inputs} />
          <Ports title={t("runs.output")} ports={step.data.outputs} before={Object.values(step.data.inputs).flat()} />
        </div>
      ) : (
        <NoData known={!!step} standing={standing} />
      )}
    </div>
  );
}

function NoData({ known, standing }: { known: boolean; standing?: Place }) {
  const { t } = useTranslation();
  if (standing) return <Items label={t("runs.standsWith")} items={standing.items} />;
  return <p className="rounded-lg bg-sunken p-3 text-sm text-muted">{t(known ? "runs.notKept" : "runs.notReached")}</p>;
}

function Executions({ steps, place, choose }: { steps: StepRow[]; place: number; choose: (place: number) => void }) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t("runs.execution")}
      hidden
      className="max-w-72"
      value={place}
      onChange={(event) => choose(Number(event.target.value))}
    >
      {steps.map((each, number_) => (
        <option key={each.ended_at + each.attempt.toString()} value={number_}>
          {number_ + 1}. {dateTime(each.started_at)} · {t(`runs.outcome.${each.outcome}`, each.outcome)}
        </option>
      ))}
    </SelectField>
  );
}

function Waiting({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact name={t("runs.waits")}>{place.since ? ago(place.since) : "–"}</Fact>
      {place.due && <Fact name={t("runs.atLatest")}>{dateTime(place.due)}</Fact>}
    </Facts>
  );
}

function Done({ step }: { step: StepRow }) {
  const { t } = useTranslation();
  return (
    <>
      <Facts>
        <Fact name={t("runs.outcomeName")}>{t(`runs.outcome.${step.outcome}`, step.outcome)}</Fact>
        <Fact name={t("runs.began")}>{dateTime(step.enabled_at)}</Fact>
        <Fact name={t("runs.waited")}>{span(between(step.enabled_at, step.started_at))}</Fact>
        <Fact name={t("runs.worked")}>{span(between(step.started_at, step.ended_at))}</Fact>
        <Fact name={t("runs.actor")}>{step.actor}</Fact>
        <Fact name={t("runs.attemptName")}>{number(step.attempt)}</Fact>
        <Fact name={t("runs.itemsIn")}>{number(step.items_in)}</Fact>
        <Fact name={t("runs.itemsOut")}>{number(step.items_out)}</Fact>
        {step.port && <Fact name={t("runs.left")}>{step.port}</Fact>}
      </Facts>
      {step.error && !step.data?.error && <p className="font-mono text-sm text-bad">{step.error}</p>}
    </>
  );
}

function Ports({
  title,
  ports,
  before,
}: {
  title: string;
  ports: Record<string, Record<string, unknown>[]>;
  before?: Record<string, unknown>[];
}) {
  const names = Object.keys(ports);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {names.map((name) => (
        <Items
          key={name}
          label={names.length > 1 || !/^(in|out)$/.test(name) ? `${title} · ${name}` : title}
          items={ports[name] ?? []}
          before={before}
        />
      ))}
    </div>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
