import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { guidedQuery, type Standing, standingQuery, type Way } from "@/api/blueprints";
import { makeTransition } from "@/api/generated";
import type { ObjectSchema } from "@/api/objects";
import { asProblem } from "@/api/problem";
import type { RecordRow } from "@/api/records";
import { useMay, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Dialog } from "@/components/Dialog";
import { sentence } from "@/components/Failure";
import { AreaField } from "@/components/Field";
import { tell } from "@/components/toast";
import { ago } from "@/lib/format";
import { FieldInput } from "./FieldInput";

/** The ways on from where a record stands, as buttons; each asks for what its blueprint wants with it. */
export function Transitions({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const guided = useQuery(guidedQuery).data ?? [];
  return guided.includes(object.name) ? <Guided object={object} row={row} /> : null;
}

function Guided({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const session = useSession();
  const standing = useQuery(standingQuery(object.name, row.id, session.person ? session.id : undefined)).data;
  const [chosen, setChosen] = useState<Way | null>(null);
  if (!standing) return null;
  const ways = standing.transitions.filter((way) => !way.automatic);
  return (
    <Card title={standing.blueprint} note={t("records.stands", { state: standing.state, time: ago(standing.since) })}>
      <div className="flex flex-wrap gap-2">
        {ways.map((way) => (
          <Button
            key={way.name}
            look={way.may && way.met ? "primary" : "plain"}
            icon={<ArrowRight aria-hidden />}
            disabled={!way.may || !way.met || !may("record:update")}
            title={way.may ? (way.met ? way.to : (way.reason ?? t("records.notMet"))) : t("records.notYours")}
            onClick={() => setChosen(way)}
          >
            {way.name}
          </Button>
        ))}
      </div>
      {ways
        .filter((way) => !way.met && way.reason)
        .map((way) => (
          <p key={way.name} className="mt-2 text-sm text-muted">
            {way.name}: {way.reason}
          </p>
        ))}
      {chosen && <Ask object={object} row={row} standing={standing} way={chosen} onClose={() => setChosen(null)} />}
    </Card>
  );
}

interface AskProps {
  object: ObjectSchema;
  row: RecordRow;
  standing: Standing;
  way: Way;
  onClose: () => void;
}

function Ask({ object, row, standing, way, onClose }: AskProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [note, setNote] = useState("");
  const [ticked, setTicked] = useState<string[]>([]);
  const required = way.asks.required ?? [];
  const wanted = [...required, ...(way.asks.optional ?? [])];
  const fields = wanted.flatMap((name) => object.fields.find((field) => field.name === name) ?? []);
  const make = useMutation({
    mutationFn: () => {
      const body = { expected_state: standing.state, values, note: note || undefined, checklist: ticked };
      return makeTransition({
        path: { object: object.name, record: row.id, transition: way.name },
        body,
        throwOnError: true,
      });
    },
    onSuccess: () => {
      tell(t("records.moved", { state: way.to }));
      for (const key of [
        ["record", object.name, row.id],
        ["history", object.name, row.id],
        ["standing", object.name, row.id],
      ])
        void queries.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  const problem = make.isError ? asProblem(make.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={`${way.name} → ${way.to}`}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {way.asks.message && <p className="text-muted">{way.asks.message}</p>}
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            required={required.includes(field.name)}
            value={field.name in values ? values[field.name] : row[field.name]}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {way.asks.checklist?.map((point) => (
          <label key={point} className="flex items-center gap-2.5">
            <input
              type="checkbox"
              required
              className="size-4 accent-accent"
              checked={ticked.includes(point)}
              onChange={(event) =>
                setTicked(event.target.checked ? [...ticked, point] : ticked.filter((each) => each !== point))
              }
            />
            {point}
          </label>
        ))}
        <AreaField
          label={t("records.note")}
          required={way.asks.note}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {problem && (
          <div role="alert" className="text-bad">
            <p>{sentence(problem.message)}</p>
            {problem.problems?.map((each) => (
              <p key={each.message} className="text-sm">
                {each.message}
              </p>
            ))}
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={make.isPending}>
            {way.name}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
