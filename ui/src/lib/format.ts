/** Numbers, money, times and durations as the reader's language and time zone have them. */
import { currentLanguage } from "@/i18n";

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const name = `${currentLanguage()} ${key}`;
  const found = formats.get(name) as T | undefined;
  if (found) return found;
  const made = make();
  formats.set(name, made);
  return made;
}

export function number(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return kept(`n${digits}`, () => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: digits })).format(
    value,
  );
}

export function compact(value: number): string {
  return kept(
    "compact",
    () => new Intl.NumberFormat(currentLanguage(), { notation: "compact", maximumFractionDigits: 1 }),
  ).format(value);
}

export function percent(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const options = { style: "percent", maximumFractionDigits: digits } as const;
  return kept(`p${digits}`, () => new Intl.NumberFormat(currentLanguage(), options)).format(share);
}

export function dateTime(value: string | null | undefined): string {
  if (!value) return "–";
  const made = new Date(value);
  if (Number.isNaN(made.getTime())) return value;
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return kept("dt", () => new Intl.DateTimeFormat(currentLanguage(), options)).format(made);
}

/** A calendar day without a time is the same day in every zone. */
export function day(value: string | null | undefined): string {
  if (!value) return "–";
  const made = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(made.getTime())) return value;
  const options = { dateStyle: "medium", timeZone: "UTC" } as const;
  return kept("day", () => new Intl.DateTimeFormat(currentLanguage(), options)).format(made);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function ago(value: string | null | undefined, now = Date.now()): string {
  if (!value) return "–";
  const seconds = (new Date(value).getTime() - now) / 1000;
  const format = kept("ago", () => new Intl.RelativeTimeFormat(currentLanguage(), { numeric: "auto" }));
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(Math.round(seconds), "second");
}

const SPANS: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** A length of time, given in seconds, in its two largest units. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 1)
    return seconds === 0 ? unit(0, "second") : unit(Math.max(1, Math.round(seconds * 1000)), "millisecond");
  const parts: string[] = [];
  let rest = seconds < 60 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
  for (const [name, size] of SPANS) {
    const count = size === 1 ? rest : Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(unit(count, name));
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

function unit(value: number, name: string): string {
  const options = { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: 1 } as const;
  return kept(`u${name}`, () => new Intl.NumberFormat(currentLanguage(), options)).format(value);
}

export function between(start: string, end: string): number {
  return (new Date(end).getTime() - new Date(start).getTime()) / 1000;
}
