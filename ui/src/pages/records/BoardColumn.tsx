import { useInfiniteQuery } from "@tanstack/react-query";
import { type DragEvent, type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { columnQuery, type Group } from "@/api/many";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Button } from "@/components/Button";
import { Skeleton } from "@/components/Skeleton";
import { classes } from "@/lib/classes";
import { compact, number } from "@/lib/format";
import { BoardCard } from "./BoardCard";
import type { List } from "./useList";

export interface ColumnProps {
  object: ObjectSchema;
  by: FieldSchema;
  value: string | null;
  values: (string | null)[];
  money?: FieldSchema;
  group?: Group;
  list: List;
  movable: boolean;
  dragged: string | null;
  moved: RefObject<string | null>;
  onDrag: (record: string | null) => void;
  onMove: (record: string, to: string | null) => void;
}

/** The records with one value: how many, what they come to, and the first of them; a card may be dropped here. */
export function BoardColumn(props: ColumnProps) {
  const { object, by, value, money, group, list, dragged, onDrag, onMove } = props;
  const { t } = useTranslation();
  const names = useNames();
  const [over, setOver] = useState(false);
  const cards = useInfiniteQuery({
    ...columnQuery(object.name, by.name, value, list.asked.where, list.asked.order),
    placeholderData: (before) => before,
  });
  const rows = cards.data?.pages.flatMap((page) => page.records) ?? [];
  const sum = money ? group?.sums[money.name] : undefined;
  const title = value ?? t("records.noValue");
  const here = rows.some((row) => row.id === dragged);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (dragged && !here) onMove(dragged, value);
    onDrag(null);
  };
  return (
    <section
      aria-label={title}
      onDragOver={(event) => {
        if (!dragged || !props.movable) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        "flex w-72 max-w-[80vw] shrink-0 snap-start flex-col rounded-xl border bg-sunken",
        over && !here ? "border-accent" : "border-line",
      )}
    >
      <header className="flex min-h-11 items-baseline gap-2 px-3 pt-2.5 pb-1.5">
        <h2 className={classes("min-w-0 truncate text-base font-semibold", value === null && "text-muted")}>{title}</h2>
        <span className="numeric text-sm text-muted">{number(group?.count ?? 0)}</span>
        {money && !!sum && (
          <span
            className="numeric ml-auto text-sm whitespace-nowrap text-muted"
            title={`${names.field(money)}: ${number(sum)}`}
          >
            <span className="sr-only">{names.field(money)} </span>
            {compact(sum)}
          </span>
        )}
      </header>
      <ul className="flex min-h-24 flex-1 flex-col gap-2 overflow-y-auto px-2 pb-2">
        {cards.isPending && <Skeleton rows={2} />}
        {rows.map((row) => (
          <BoardCard key={row.id} {...props} row={row} />
        ))}
        {cards.hasNextPage && (
          <Button small look="quiet" busy={cards.isFetchingNextPage} onClick={() => void cards.fetchNextPage()}>
            {t("common.loadMore")}
          </Button>
        )}
      </ul>
    </section>
  );
}
