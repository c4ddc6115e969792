/** Ready-made workflows. */
import { queryOptions } from "@tanstack/react-query";
import { currentLanguage } from "@/i18n";
import type { Definition } from "./definition";
import type { TemplateAnswer as Answer, TemplateRow } from "./generated";
import { getTemplate, listTemplates } from "./generated";

export type { TemplateRow };

/** What the sample weeks of a template come to. */
export interface Expected {
  completed: number;
  time_used: number | null;
  on_time: number | null;
  labour_hours: number;
  efficiency: number | null;
  cost: number;
  measures?: Record<string, number | null>;
}

export type Template = Omit<Answer, "definition" | "expected" | "sample"> & {
  definition: Definition;
  expected: Expected;
  sample: Record<string, Record<string, unknown>[]>;
};

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await listTemplates({ throwOnError: true })) as unknown as TemplateRow[],
});

export const templateQuery = (template: string) =>
  queryOptions({
    queryKey: ["templates", template],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await getTemplate({ path: { template }, throwOnError: true })) as unknown as Template,
  });

export function inLanguage(texts: Record<string, string>): string {
  return (currentLanguage() === "zh-CN" ? texts.zh : texts.en) ?? texts.en ?? "";
}
