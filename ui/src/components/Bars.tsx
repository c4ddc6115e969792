import { Link } from "@tanstack/react-router";
import { number } from "@/lib/format";
import type { RunSearch } from "@/router";

export interface BarOf {
  name: string;
  value: number;
  search: RunSearch; // the runs that it stands for
}

/** Bars with their names and numbers; each is a way to the runs that it counts. */
export function Bars({ bars, label, open }: { bars: BarOf[]; label: string; open: (name: string) => string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul aria-label={label} className="flex flex-col">
      {bars.map((bar) => (
        <li key={bar.name}>
          <Link
            to="/runs"
            search={bar.search}
            aria-label={open(bar.name)}
            title={open(bar.name)}
            className="grid grid-cols-[8.5rem_1fr] items-center gap-3 rounded-md px-1.5 py-1 hover:bg-hover"
          >
            <span className="truncate text-sm text-muted">{bar.name}</span>
            <span className="flex items-center gap-2">
              <span
                className="h-4 rounded-sm bg-accent"
                style={{ width: `${(bar.value / most) * 80}%`, minWidth: bar.value ? 3 : 0 }}
                aria-hidden
              />
              <span className="numeric text-sm font-medium">{number(bar.value)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
