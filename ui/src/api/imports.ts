/** CSV files: a look at one, a trial, the loading. */

import type { ImportAnswer, PreviewAnswer } from "./generated";
import { importRecords, previewImport } from "./generated";

export type Preview = PreviewAnswer;
export type Imported = ImportAnswer;

/** Where each column goes (null: nowhere), and the field by which records that exist are found ("" for none). */
export interface Choices {
  columns: Record<string, string | null>;
  key: string;
}

export async function previewFile(object: string, file: File): Promise<Preview> {
  // Columns and first rows are in the beginning; a cut within the last line shows in no sample.
  const beginning = file.size > 1_000_000 ? file.slice(0, 1_000_000) : file;
  return (await previewImport({
    path: { object },
    body: beginning as unknown as string,
    throwOnError: true,
  })) as unknown as Preview;
}

export async function importFile(object: string, file: File, choices: Choices, dryRun: boolean): Promise<Imported> {
  const entries = Object.entries(choices.columns);
  const query = {
    column: entries.flatMap(([name, field]) => (field ? [`${name}=${field}`] : [])),
    ignore: entries.flatMap(([name, field]) => (field ? [] : [name])),
    key: choices.key || undefined,
    dry_run: dryRun,
  };
  return (await importRecords({
    path: { object },
    query,
    body: file as unknown as string,
    throwOnError: true,
  })) as unknown as Imported;
}
