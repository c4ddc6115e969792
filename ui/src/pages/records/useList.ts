/** What a list shows, as its address says: conditions, order, columns, the view that it came from. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Match, whereOf } from "@/api/filters";
import type { ObjectSchema } from "@/api/objects";
import type { ViewAnswer, ViewDocument } from "@/api/views";
import type { RecordSearch } from "@/router";
import { useKeptColumns } from "./columns";

const route = getRouteApi("/inside/records/$object");

export type List = ReturnType<typeof useList>;

export function useList(object: ObjectSchema) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [kept, keep] = useKeptColumns(object);
  const show = (next: RecordSearch, replace = false) =>
    void navigate({ to: "/records/$object", params: { object: object.name }, search: next, replace });
  const go = (change: Partial<RecordSearch>, replace = false) => show({ ...search, ...change }, replace);
  const filters = search.filters ?? [];
  const match: Match = search.match ?? "all";
  const shown = search.columns ? search.columns.split(",") : kept;
  const columns = shown.flatMap((name) => object.fields.find((field) => field.name === name) ?? []);
  const board = object.fields.find((field) => field.name === search.board && field.type === "choice");
  const asked = useMemo(
    () => ({
      where: whereOf(object, search.filters ?? [], search.match ?? "all", search.q),
      order: search.order ? search.order.split(",") : ["-id"],
    }),
    [object, search.filters, search.match, search.q, search.order],
  );
  return {
    search,
    filters,
    match,
    columns,
    board,
    asked,
    go,
    show,
    setColumns: (names: string[]) => (search.columns ? go({ columns: names.join(",") || undefined }) : keep(names)),
    document: documentOf(search, shown),
  };
}

/** What a saved view keeps of a list. */
function documentOf(search: RecordSearch, columns: string[]): ViewDocument {
  return {
    match: search.match ?? "all",
    filters: (search.filters ?? []) as unknown as ViewDocument["filters"],
    order: search.order ? search.order.split(",") : [],
    columns,
    board: search.board ?? null,
  };
}

/** The address of a view: all that it shows, so that the link says it also to those who do not see the view. */
export function searchOf(view: ViewAnswer): RecordSearch {
  const { match, filters, order, columns, board } = view.document;
  return {
    view: view.id,
    filters: filters?.length ? (filters as unknown as RecordSearch["filters"]) : undefined,
    match: match === "any" ? "any" : undefined,
    order: order?.length ? order.join(",") : undefined,
    columns: columns?.length ? columns.join(",") : undefined,
    board: board ?? undefined,
  };
}
