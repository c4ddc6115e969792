/** Records that others point at, by their ids: all that a page asks for in one moment are read in one request. */
import { queryOptions } from "@tanstack/react-query";
import { getRecord } from "./generated";
import { page, type RecordRow } from "./records";

type Found = Map<string, RecordRow>;
const MOST = 500; // ids in one request
const waiting = new Map<string, { ids: string[]; found: Promise<Found> }>();

function together(object: string, id: string): Promise<Found> {
  const open = waiting.get(object);
  if (open && open.ids.length < MOST) {
    open.ids.push(id);
    return open.found;
  }
  const ids = [id];
  const found = new Promise((go) => setTimeout(go)).then(async () => {
    if (waiting.get(object)?.ids === ids) waiting.delete(object);
    const where = { field: "id", operator: "in", value: ids };
    const { records } = await page(object, { where }, 0, MOST, false);
    return new Map(records.map((record) => [record.id, record]));
  });
  waiting.set(object, { ids, found });
  return found;
}

export const referenceQuery = (object: string, id: string) =>
  queryOptions({
    queryKey: ["record", object, id, "reference"],
    staleTime: 60_000,
    retry: false,
    queryFn: async () => {
      const found = (await together(object, id)).get(id);
      if (found) return found;
      // Of one that was merged, the record that it is now is read by its old id alone.
      return (await getRecord({ path: { object, record: id }, throwOnError: true })) as unknown as RecordRow;
    },
  });
