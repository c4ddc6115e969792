import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames } from "@/api/objects";
import type { Answer } from "@/api/records";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { objectIcon } from "@/shell/navigation";
import { RecordGrid } from "./RecordGrid";
import type { List } from "./useList";
import type { Selection } from "./useSelection";

/** The records of a list as rows, with what stands there when there are none. */
export function RecordTable({
  object,
  list,
  records,
  selection,
}: {
  object: ObjectSchema;
  list: List;
  records: UseInfiniteQueryResult<InfiniteData<Answer>>;
  selection: Selection;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const narrowed = !!list.asked.where;
  const empty = (
    <Empty
      icon={objectIcon(object.name)}
      title={t(narrowed ? "records.nothingFound" : "records.none", { objects: names.plural(object) })}
      action={
        narrowed && (
          <Button onClick={() => list.go({ q: undefined, filters: undefined, match: undefined })}>
            {t("records.clearFilter")}
          </Button>
        )
      }
    >
      {t(narrowed ? "records.nothingFoundNote" : "records.noneNote")}
    </Empty>
  );
  return (
    <Card flush className="flex min-h-96 flex-1 flex-col [&>div]:flex [&>div]:min-h-0 [&>div]:flex-1 [&>div]:flex-col">
      <Async query={records} rows={12}>
        {(data) => (
          <RecordGrid
            object={object}
            columns={list.columns}
            rows={data.pages.flatMap((page) => page.records)}
            order={list.search.order ?? "-id"}
            onOrder={(order) => list.go({ order })}
            onEnd={() => records.hasNextPage && !records.isFetchingNextPage && void records.fetchNextPage()}
            selection={may("record:update") ? selection : undefined}
            empty={empty}
          />
        )}
      </Async>
    </Card>
  );
}
