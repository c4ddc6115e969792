import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { deleteRecord, restoreRecord } from "@/api/generated";
import { type ObjectSchema, useNames, useObjects } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { nameOf, type RecordRow, recordQuery } from "@/api/records";
import { runsQuery } from "@/api/runs";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Page } from "@/components/Page";
import { RunStatus } from "@/components/RunStatus";
import { tell } from "@/components/toast";
import { ago } from "@/lib/format";
import { useLive } from "@/lib/live";
import { Duplicates, MergeButton } from "./Duplicates";
import { FieldList } from "./FieldList";
import { Timeline } from "./Timeline";
import { Transitions } from "./Transitions";
import { Why } from "./Why";

const route = getRouteApi("/inside/records/$object/$record");

export function RecordPage() {
  const { object, record } = route.useParams();
  const schema = useObjects().data?.find((each) => each.name === object);
  const query = useQuery(recordQuery(object, record));
  useLive([["record", object, record], ["history", object, record], ["runs"]]);
  const names = useNames();
  const title = query.data ? nameOf(schema, query.data) : "…";
  return (
    <Page
      title={title}
      note={
        schema && (
          <Link to="/records/$object" params={{ object }} search={{}} className="underline-offset-2 hover:underline">
            {names.plural(schema)}
          </Link>
        )
      }
      actions={
        schema &&
        query.data && (
          <>
            <MergeButton object={schema} row={query.data} />
            <Remove object={schema} row={query.data} />
          </>
        )
      }
    >
      <Async query={query} rows={8}>
        {(row) =>
          schema && (
            <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <FieldList object={schema} row={row} />
              <div className="flex flex-col gap-5">
                <Transitions object={schema} row={row} />
                <Duplicates object={schema} row={row} />
                <Journeys record={record} />
                <Why record={record} object={object} />
                <Timeline object={schema} record={record} />
              </div>
            </div>
          )
        }
      </Async>
    </Page>
  );
}

function Remove({ object, row }: { object: ObjectSchema; row: RecordRow }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const path = { object: object.name, record: row.id };
  const again = () => queries.invalidateQueries({ queryKey: ["records", object.name] });
  const bring = useMutation({ mutationFn: () => restoreRecord({ path, throwOnError: true }), onSuccess: again });
  const remove = useMutation({
    mutationFn: () => deleteRecord({ path, throwOnError: true }),
    onSuccess: () => {
      void again();
      tell(t("records.deleted", { object: names.singular(object) }), "good", {
        label: t("common.undo"),
        run: () => bring.mutate(),
      });
      void navigate({ to: "/records/$object", params: { object: object.name }, search: {} });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  if (!may("record:delete")) return null;
  return (
    <Button look="danger" icon={<Trash2 aria-hidden />} busy={remove.isPending} onClick={() => remove.mutate()}>
      {t("common.delete")}
    </Button>
  );
}

/** The runs of this record: what automation did and does for it. */
function Journeys({ record }: { record: string }) {
  const { t } = useTranslation();
  const runs = useInfiniteQuery(runsQuery({ record })).data?.pages.flat() ?? [];
  if (!runs.length) return null;
  return (
    <Card title={t("shell.runs")}>
      <ul className="flex flex-col gap-2.5">
        {runs.slice(0, 8).map((run) => (
          <li key={run.id} className="flex items-center gap-2">
            <Link
              to="/runs/$run"
              params={{ run: run.id }}
              className="min-w-0 flex-1 truncate font-medium underline-offset-2 hover:underline"
            >
              {run.workflow}
            </Link>
            <span className="text-sm whitespace-nowrap text-muted">{ago(run.started_at)}</span>
            <RunStatus status={run.status} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
