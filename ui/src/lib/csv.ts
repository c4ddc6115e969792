/** CSV for spreadsheets: quoted where needed, and nothing in it that a spreadsheet would run as a formula. */
import { saveFile } from "./file";

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export function csvOf(rows: unknown[][]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

/** Hands a text to the browser as a file; with a mark in front by which spreadsheets know UTF-8. */
export function download(name: string, text: string): void {
  saveFile(name, new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
}
