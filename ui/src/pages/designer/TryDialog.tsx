import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { objectsQuery, useNames } from "@/api/objects";
import { like, nameOf, recordsQuery } from "@/api/records";
import { runsQuery } from "@/api/runs";
import type { Source } from "@/api/tryouts";
import { type Definition, nodeName } from "@/canvas/document";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { AreaField, SelectField, TextField } from "@/components/Field";
import { dateTime } from "@/lib/format";
import { parsedItems } from "@/lib/items";
import type { Trying } from "./useTryout";

type Kind = "record" | "run" | "items";

/** Asks what the draft is tried on: a record, a past run, or items written by hand. */
export function TryDialog({
  trying,
  workflow,
  definition,
}: {
  trying: Trying;
  workflow: string;
  definition: Definition;
}) {
  const { t } = useTranslation();
  const to = trying.asking?.to;
  const title = to ? t("canvas.try.to", { name: nodeName(definition, to) }) : t("canvas.try.title");
  return (
    <Dialog open={!!trying.asking} onClose={trying.cancel} title={title}>
      <Form trying={trying} workflow={workflow} object={objectOf(definition)} />
    </Dialog>
  );
}

function Form({ trying, workflow, object }: { trying: Trying; workflow: string; object?: string }) {
  const { t } = useTranslation();
  const kinds: Kind[] = object ? ["record", "run", "items"] : ["run", "items"];
  const [kind, setKind] = useState<Kind>(object ? "record" : "items");
  const [source, setSource] = useState<Source | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (source) trying.start(trying.asking?.to, source);
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      <p className="text-sm text-muted">{t("canvas.try.note")}</p>
      <SelectField
        label={t("canvas.try.on")}
        value={kind}
        onChange={(event) => {
          setKind(event.target.value as Kind);
          setSource(null);
        }}
      >
        {kinds.map((each) => (
          <option key={each} value={each}>
            {t(`canvas.try.kinds.${each}`)}
          </option>
        ))}
      </SelectField>
      {kind === "record" && object && <RecordChoice object={object} source={source} choose={setSource} />}
      {kind === "run" && <RunChoice workflow={workflow} source={source} choose={setSource} />}
      {kind === "items" && <ItemsChoice choose={setSource} />}
      <div className="flex justify-end gap-2">
        <Button onClick={trying.cancel}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" disabled={!source}>
          {t("canvas.try.start")}
        </Button>
      </div>
    </form>
  );
}

interface Choice {
  source: Source | null;
  choose: (source: Source | null) => void;
}

function RecordChoice({ object, source, choose }: Choice & { object: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const schema = useQuery(objectsQuery).data?.find((each) => each.name === object);
  const found = useInfiniteQuery(recordsQuery(object, { where: schema && like(schema, text), order: ["-id"] })).data
    ?.pages[0]?.records;
  const names = useNames();
  return (
    <>
      <TextField
        label={t("common.search")}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <SelectField
        label={schema ? names.singular(schema) : object}
        value={source?.record ?? ""}
        onChange={({ target }) => {
          const row = found?.find((each) => each.id === target.value);
          choose(row ? { object, record: row.id, label: nameOf(schema, row) } : null);
        }}
      >
        <option value="">{t("canvas.choose")}</option>
        {found?.map((row) => (
          <option key={row.id} value={row.id}>
            {nameOf(schema, row)}
          </option>
        ))}
      </SelectField>
    </>
  );
}

function RunChoice({ workflow, source, choose }: Choice & { workflow: string }) {
  const { t } = useTranslation();
  const found = useInfiniteQuery(runsQuery({ workflow })).data?.pages[0];
  const named = (row: { started_at: string; status: string }) =>
    `${dateTime(row.started_at)} · ${t(`runs.status.${row.status}`, row.status)}`;
  return (
    <SelectField
      label={t("canvas.try.kinds.run")}
      hint={t("canvas.try.runHint")}
      value={source?.run ?? ""}
      onChange={({ target }) => {
        const row = found?.find((each) => each.id === target.value);
        choose(row ? { run: row.id, label: named(row) } : null);
      }}
    >
      <option value="">{t("canvas.choose")}</option>
      {found?.map((row) => (
        <option key={row.id} value={row.id}>
          {named(row)}
        </option>
      ))}
    </SelectField>
  );
}

function ItemsChoice({ choose }: Pick<Choice, "choose">) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const wrong = text !== "" && parsedItems(text) === null;
  return (
    <AreaField
      label={t("runs.itemsJson")}
      error={wrong ? t("runs.notItems") : undefined}
      placeholder='[{"email": "ada@example.com"}]'
      rows={8}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        const items = parsedItems(target.value);
        choose(items && { items, label: t("common.items", { count: items.length }) });
      }}
    />
  );
}

/** The object of the records that start the workflow. */
function objectOf(definition: Definition): string | undefined {
  const triggers = Object.values(definition.nodes).filter((node) => node.type.startsWith("trigger."));
  return triggers.map((node) => node.params?.object).find((object) => typeof object === "string");
}
