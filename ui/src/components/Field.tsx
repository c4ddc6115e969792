import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { classes } from "@/lib/classes";

export const INPUT =
  "w-full rounded-lg border border-line-strong/70 bg-surface px-3 text-base text-ink transition-colors hover:border-line-strong focus-visible:border-accent focus-visible:outline-offset-0";

interface Frame {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  hidden?: boolean;
}

function Framed({ label, hint, error, hidden, id, children }: Frame & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={hidden ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      {children}
      {hint && !error && <p className="text-sm text-muted">{hint}</p>}
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

/** A labelled text field. */
export function TextField({
  label,
  hint,
  error,
  hidden,
  className,
  ...rest
}: Frame & Omit<InputHTMLAttributes<HTMLInputElement>, "hidden">) {
  const id = useId();
  return (
    <Framed {...{ label, hint, error, hidden, id }}>
      <input id={id} aria-invalid={!!error || undefined} {...rest} className={classes(INPUT, "h-9", className)} />
    </Framed>
  );
}

/** A labelled field of several lines. */
export function AreaField({
  label,
  hint,
  error,
  hidden,
  className,
  ...rest
}: Frame & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "hidden">) {
  const id = useId();
  return (
    <Framed {...{ label, hint, error, hidden, id }}>
      <textarea id={id} rows={3} {...rest} className={classes(INPUT, "py-2", className)} />
    </Framed>
  );
}

/** A labelled choice; the browser's own control, which is good on phones and with a keyboard. */
export function SelectField({
  label,
  hint,
  error,
  hidden,
  className,
  children,
  ...rest
}: Frame & Omit<SelectHTMLAttributes<HTMLSelectElement>, "hidden">) {
  const id = useId();
  return (
    <Framed {...{ label, hint, error, hidden, id }}>
      <select id={id} {...rest} className={classes(INPUT, "h-9 pr-8", className)}>
        {children}
      </select>
    </Framed>
  );
}
