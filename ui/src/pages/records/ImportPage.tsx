import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choices, importFile, type Preview, previewFile } from "@/api/imports";
import { useNames, useObjects } from "@/api/objects";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Failure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { number } from "@/lib/format";
import { ColumnMapping } from "./ColumnMapping";
import { Dropped } from "./Dropped";
import { Outcome } from "./Outcome";

const route = getRouteApi("/inside/records/$object/import");

/** A CSV file in three looks: the file, where its columns go, what would become of it and then what became of it. */
export function ImportPage() {
  const { t } = useTranslation();
  const { object: name } = route.useParams();
  const names = useNames();
  const queries = useQueryClient();
  const object = useObjects().data?.find((each) => each.name === name);
  const [file, setFile] = useState<File | null>(null);
  const [choices, setChoices] = useState<Choices>({ columns: {}, key: "" });
  const preview = useMutation({
    mutationFn: (chosen: File) => previewFile(name, chosen),
    onSuccess: (found: Preview) => setChoices({ columns: found.columns, key: "" }),
  });
  const load = useMutation({
    mutationFn: (dryRun: boolean) => importFile(name, file as File, choices, dryRun),
    onSuccess: (_, dryRun) => !dryRun && void queries.invalidateQueries({ queryKey: ["records", name] }),
  });
  const choose = (chosen: File) => {
    setFile(chosen);
    load.reset();
    preview.mutate(chosen);
  };
  const change = (next: Choices) => {
    setChoices(next);
    load.reset();
  };
  if (!object) return null;
  const loaded = load.data && load.variables === false;
  const mapped = Object.values(choices.columns).some(Boolean);
  return (
    <Page
      title={t("records.importTitle", { objects: names.plural(object) })}
      note={
        <Link
          to="/records/$object"
          params={{ object: name }}
          search={{}}
          className="underline-offset-2 hover:underline"
        >
          {names.plural(object)}
        </Link>
      }
    >
      <Card>
        <Dropped file={file} onFile={choose} busy={preview.isPending} />
      </Card>
      {preview.isError && <Failure error={preview.error} />}
      {preview.data && !loaded && (
        <Card flush title={t("records.whereTo")} note={t("records.whereToNote", { encoding: preview.data.encoding })}>
          <ColumnMapping object={object} preview={preview.data} choices={choices} onChange={change} />
        </Card>
      )}
      {load.isError && <Failure error={load.error} />}
      {load.data && file && (
        <Outcome
          outcome={load.data}
          trial={load.variables === true}
          header={preview.data?.header ?? []}
          object={object}
        />
      )}
      {preview.data && !loaded && (
        <div className="flex flex-wrap items-center gap-3">
          <Button disabled={!mapped} busy={load.isPending && load.variables} onClick={() => load.mutate(true)}>
            {t("records.tryIt")}
          </Button>
          <Button
            look="primary"
            icon={<FileUp aria-hidden />}
            disabled={!mapped}
            busy={load.isPending && !load.variables}
            onClick={() => load.mutate(false)}
          >
            {load.data
              ? t("records.importRows", { count: load.data.rows, rows: number(load.data.rows - load.data.left_out) })
              : t("records.importNow")}
          </Button>
          <p className="text-sm text-muted">{t("records.tryItNote")}</p>
        </div>
      )}
    </Page>
  );
}
