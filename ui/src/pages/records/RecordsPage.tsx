import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, Upload } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames, useObjects } from "@/api/objects";
import { type Condition, like, recordsQuery } from "@/api/records";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { TextField } from "@/components/Field";
import { Page } from "@/components/Page";
import { number } from "@/lib/format";
import { objectIcon } from "@/shell/navigation";
import { ColumnMenu, useColumns } from "./columns";
import { ExportButton } from "./ExportButton";
import { NewRecord } from "./NewRecord";
import { RecordGrid } from "./RecordGrid";

const route = getRouteApi("/inside/records/$object");

export function RecordsPage() {
  const { object } = route.useParams();
  const objects = useObjects();
  return (
    <Async query={objects}>
      {(all) => <List key={object} object={all.find((each) => each.name === object)} wanted={object} />}
    </Async>
  );
}

function List({ object, wanted }: { object?: ObjectSchema; wanted: string }) {
  const { t } = useTranslation();
  if (!object) return <Empty icon={objectIcon(wanted)} title={t("records.unknown", { object: wanted })} />;
  return <Known object={object} />;
}

function Known({ object }: { object: ObjectSchema }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [columns, setColumns] = useColumns(object);
  const [making, setMaking] = useState(false);
  const [text, setText] = useState(search.q ?? "");
  const go = (change: Partial<typeof search>) =>
    void navigate({
      to: "/records/$object",
      params: { object: object.name },
      search: { ...search, ...change },
      replace: true,
    });
  useEffect(() => {
    const later = setTimeout(() => text !== (search.q ?? "") && go({ q: text || undefined }), 250);
    return () => clearTimeout(later);
  });
  const asked = useMemo(() => {
    const found = like(object, search.q ?? "");
    const parts = [found, search.where].filter(Boolean) as (Condition | string)[];
    const where = parts.length > 1 ? undefined : parts[0];
    return { where: where ?? found, order: search.order ? search.order.split(",") : ["-id"] };
  }, [object, search]);
  const records = useInfiniteQuery({ ...recordsQuery(object.name, asked), placeholderData: (before) => before });
  const total = records.data?.pages[0]?.total;
  return (
    <Page
      wide
      title={names.plural(object)}
      note={total === null || total === undefined ? " " : t("common.total", { count: total, shown: number(total) })}
      actions={
        <>
          <ExportButton object={object} columns={columns} asked={asked} />
          {may("record:create") && (
            <>
              <Link to="/records/$object/import" params={{ object: object.name }} className={buttonClasses("plain")}>
                <Upload aria-hidden />
                {t("records.import")}
              </Link>
              <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
                {t("records.new", { object: names.singular(object) })}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="w-72 max-w-full">
          <TextField
            label={t("records.find")}
            hidden
            type="search"
            placeholder={t("records.findHint")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <ColumnMenu object={object} columns={columns} onChange={setColumns} />
      </div>
      <Card
        flush
        className="flex min-h-0 flex-1 flex-col [&>div]:flex [&>div]:min-h-80 [&>div]:flex-1 [&>div]:flex-col"
      >
        <Async query={records} rows={12}>
          {(data) => (
            <RecordGrid
              object={object}
              columns={columns}
              rows={data.pages.flatMap((page) => page.records)}
              order={search.order ?? "-id"}
              onOrder={(order) => go({ order })}
              onEnd={() => records.hasNextPage && !records.isFetchingNextPage && void records.fetchNextPage()}
              empty={
                <Empty
                  icon={objectIcon(object.name)}
                  title={t(search.q ? "records.nothingFound" : "records.none", { objects: names.plural(object) })}
                >
                  {t(search.q ? "records.nothingFoundNote" : "records.noneNote")}
                </Empty>
              }
            />
          )}
        </Async>
      </Card>
      {making && <NewRecord object={object} onClose={() => setMaking(false)} />}
    </Page>
  );
}
