/** Changes to the chosen records, each with its undo, and what was refused. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteMany, restoreMany, updateMany } from "@/api/generated";
import { bodyOf, type ManyAnswer, type UpdateManyAnswer } from "@/api/many";
import type { ObjectSchema } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { tell } from "@/components/toast";
import { number } from "@/lib/format";
import type { Selection } from "./useSelection";

type Values = Record<string, unknown>;

export function useBulk(object: ObjectSchema, selection: Selection) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [errors, setErrors] = useState<ManyAnswer | null>(null);
  const path = { object: object.name };
  const renew = () => {
    for (const key of ["records", "groups", "record", "history"])
      void queries.invalidateQueries({ queryKey: [key, object.name] });
  };
  const onError = (error: unknown) => tell(asProblem(error).message, "bad");
  const done = (answer: ManyAnswer, text: string, undo: () => void) => {
    renew();
    selection.clear();
    if (answer.errors.length) setErrors(answer);
    if (answer.changed.length) tell(text, "good", { label: t("common.undo"), run: undo });
  };
  const restore = useMutation({
    mutationFn: (ids: string[]) => restoreMany({ path, body: { ids }, throwOnError: true }),
    onSuccess: renew,
    onError,
  });
  const remove = useMutation({
    mutationFn: async () =>
      (await deleteMany({ path, body: bodyOf(selection.chosen), throwOnError: true })) as unknown as ManyAnswer,
    onSuccess: (answer) => {
      const count = answer.changed.length;
      done(answer, t("records.deletedMany", { count, shown: number(count) }), () => restore.mutate(answer.changed));
    },
    onError,
  });
  const update = useMutation({
    mutationFn: async (given: { values: Values } | { rows: Record<string, Values> }) => {
      const body = "rows" in given ? given : { ...bodyOf(selection.chosen), ...given };
      return (await updateMany({ path, body, throwOnError: true })) as unknown as UpdateManyAnswer;
    },
    onSuccess: (answer) => {
      const count = answer.changed.length;
      const undo = () => update.mutate({ rows: answer.before });
      done(answer, t("records.changedMany", { count, shown: number(count) }), undo);
    },
    onError: (error, given) => "rows" in given && onError(error), // otherwise the form says it
  });
  return { update, remove, errors, seen: () => setErrors(null) };
}
