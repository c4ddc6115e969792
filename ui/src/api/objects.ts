/** The kinds of records, with their fields and their names in the reader's language. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { FieldSchema, ObjectSchema } from "./generated";
import { listObjects } from "./generated";

export type { FieldSchema, ObjectSchema };

export const objectsQuery = queryOptions({
  queryKey: ["objects"],
  staleTime: 60_000,
  queryFn: async () => (await listObjects({ throwOnError: true })) as unknown as ObjectSchema[],
});

export function useObjects() {
  return useQuery(objectsQuery);
}

/** Names of objects and fields: those that come with Towpath are translated, custom ones are as their maker wrote them. */
export function useNames() {
  const { t } = useTranslation();
  return {
    plural: (object: ObjectSchema) => t(`records.objects.${object.name}.plural`, object.plural),
    singular: (object: ObjectSchema) => t(`records.objects.${object.name}.one`, object.label),
    field: (field: FieldSchema) => t(`records.fields.${field.name}`, field.label ?? field.name),
    choice: (value: string) => value,
  };
}
