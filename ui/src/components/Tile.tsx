import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { About } from "./About";

/** One number with its name; the note says what it is made of. */
export function Tile({
  label,
  value,
  note,
  icon: Icon,
  mark,
  about,
}: {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  icon?: LucideIcon;
  mark?: ReactNode;
  about?: string;
}) {
  return (
    <div className="flex min-w-0 flex-col rounded-xl border border-line bg-surface p-4 shadow-card">
      <dt className="flex items-center gap-2 text-sm text-muted">
        {Icon && <Icon className="size-4" aria-hidden />}
        {label}
        {about && <About name={label}>{about}</About>}
      </dt>
      <dd className="mt-1.5 flex items-baseline gap-2">
        <span className="numeric text-2xl leading-none font-semibold tracking-tight">{value}</span>
        {mark}
      </dd>
      {note && <dd className="mt-1.5 text-sm text-muted">{note}</dd>}
    </div>
  );
}
