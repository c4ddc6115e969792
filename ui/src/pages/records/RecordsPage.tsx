import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ListFilter, Plus, Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames, useObjects } from "@/api/objects";
import { recordsQuery } from "@/api/records";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button, buttonClasses } from "@/components/Button";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { number } from "@/lib/format";
import { objectIcon } from "@/shell/navigation";
import { Board } from "./Board";
import { BulkBar } from "./BulkBar";
import { ColumnMenu } from "./columns";
import { ExportButton } from "./ExportButton";
import { FilterChips } from "./FilterChips";
import { FilterPanel } from "./FilterPanel";
import { Find } from "./Find";
import { LayoutMenu } from "./LayoutMenu";
import { NewRecord } from "./NewRecord";
import { RecordTable } from "./RecordTable";
import { useList } from "./useList";
import { useSelection } from "./useSelection";
import { ViewMenu } from "./ViewMenu";

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
  const list = useList(object);
  const selection = useSelection(list.asked);
  const [making, setMaking] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const records = useInfiniteQuery({ ...recordsQuery(object.name, list.asked), placeholderData: (before) => before });
  const total = records.data?.pages[0]?.total;
  return (
    <Page
      wide
      filled
      title={names.plural(object)}
      note={total === null || total === undefined ? " " : t("common.total", { count: total, shown: number(total) })}
      actions={<Actions object={object} list={list} onNew={() => setMaking(true)} />}
    >
      <div className="flex flex-wrap items-center gap-2">
        <ViewMenu object={object} list={list} />
        <Find list={list} />
        <Button
          icon={<ListFilter aria-hidden />}
          aria-expanded={filtering}
          onClick={() => setFiltering(!filtering)}
          className={list.filters.length ? "border-accent text-accent-strong" : undefined}
        >
          {t("records.filter")}
          {list.filters.length > 0 && ` (${list.filters.length})`}
        </Button>
        <LayoutMenu object={object} list={list} />
        {!list.board && <ColumnMenu object={object} columns={list.columns} onChange={list.setColumns} />}
      </div>
      {filtering && (
        <FilterPanel
          object={object}
          filters={list.filters}
          match={list.match}
          onChange={(filters, match) =>
            list.go({ filters: filters.length ? filters : undefined, match: match === "any" ? match : undefined })
          }
        />
      )}
      {!filtering && list.filters.length > 0 && (
        <FilterChips
          object={object}
          filters={list.filters}
          onChange={(filters) => list.go({ filters: filters.length ? filters : undefined })}
        />
      )}
      {!list.board && <BulkBar object={object} selection={selection} total={total ?? 0} />}
      {list.board ? (
        <Board key={list.board.name} object={object} list={list} by={list.board} />
      ) : (
        <RecordTable object={object} list={list} records={records} selection={selection} />
      )}
      {making && <NewRecord object={object} onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Actions({
  object,
  list,
  onNew,
}: {
  object: ObjectSchema;
  list: ReturnType<typeof useList>;
  onNew: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  return (
    <>
      <ExportButton object={object} columns={list.columns} asked={list.asked} />
      {may("record:create") && (
        <>
          <Link to="/records/$object/import" params={{ object: object.name }} className={buttonClasses("plain")}>
            <Upload aria-hidden />
            {t("records.import")}
          </Link>
          <Button look="primary" icon={<Plus aria-hidden />} onClick={onNew}>
            {t("records.new", { object: names.singular(object) })}
          </Button>
        </>
      )}
    </>
  );
}
