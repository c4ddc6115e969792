/** Moves a card to another column; where it may not go there, the reason is told with the way to the record. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { updateRecord } from "@/api/generated";
import type { FieldSchema, ObjectSchema } from "@/api/objects";
import { asProblem } from "@/api/problem";
import type { RecordRow } from "@/api/records";
import { tell } from "@/components/toast";

interface Move {
  record: string;
  to: string | null;
  back?: boolean;
}

export function useMove(object: ObjectSchema, by: FieldSchema) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const moved = useRef<string | null>(null); // the card that takes the focus where it arrives
  const move = useMutation({
    onMutate: ({ record }: Move) => {
      moved.current = record;
    },
    mutationFn: async ({ record, to }: Move) => {
      const before = hadBefore(
        queries.getQueriesData({ queryKey: ["records", object.name, "board"] }),
        record,
        by.name,
      );
      const path = { object: object.name, record };
      await updateRecord({ path, body: { [by.name]: to }, throwOnError: true });
      return before;
    },
    onSuccess: async (before, { record, to, back }) => {
      for (const key of ["record", "history", "standing"])
        void queries.invalidateQueries({ queryKey: [key, object.name, record] });
      void queries.invalidateQueries({ queryKey: ["groups", object.name] });
      await queries.invalidateQueries({ queryKey: ["records", object.name] });
      const undo = { label: t("common.undo"), run: () => move.mutate({ record, to: before, back: true }) };
      tell(t("records.moved", { state: to ?? t("records.noValue") }), "good", back ? undefined : undo);
    },
    onError: (error, { record }) => {
      moved.current = null;
      const problem = asProblem(error);
      const open = () => void navigate({ to: "/records/$object/$record", params: { object: object.name, record } });
      tell([problem.message, problem.hint].filter(Boolean).join(" "), "bad", { label: t("records.open"), run: open });
    },
  });
  return { move: move.mutate, moved };
}

/** What a record had before, of the cards that were read. */
function hadBefore(read: [unknown, unknown][], record: string, field: string): string | null {
  for (const [, data] of read) {
    const pages = (data as { pages?: { records: RecordRow[] }[] } | undefined)?.pages ?? [];
    const row = pages.flatMap((page) => page.records).find((each) => each.id === record);
    if (row) return (row[field] as string | null) ?? null;
  }
  return null;
}
