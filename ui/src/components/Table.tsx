import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from "react";
import { classes } from "@/lib/classes";

/** A plain table that scrolls sideways in its own box when the window is narrow. */
export function Table({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label={label}>
      <table className="w-full border-collapse text-left text-base">
        <thead className="border-b border-line text-sm text-muted">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </section>
  );
}

export function Th({ numeric, className, ...rest }: ThHTMLAttributes<HTMLTableCellElement> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      {...rest}
      className={classes("px-4 py-2 font-medium whitespace-nowrap", numeric && "text-right", className)}
    />
  );
}

export function Td({ numeric, className, ...rest }: TdHTMLAttributes<HTMLTableCellElement> & { numeric?: boolean }) {
  return <td {...rest} className={classes("px-4 py-2.5 align-middle", numeric && "numeric text-right", className)} />;
}
