import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classes } from "@/lib/classes";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<ButtonLook, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  plain: "bg-surface text-ink border-line hover:bg-hover",
  quiet: "bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-surface text-bad border-line hover:bg-bad-soft",
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  small?: boolean;
  busy?: boolean;
  icon?: ReactNode;
}

/** A button; while `busy` it takes no second click. */
export function Button({ look = "plain", small, busy, icon, children, className, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClasses(look, small, !children, className)}
    >
      {icon}
      {children}
    </button>
  );
}

export function buttonClasses(look: ButtonLook, small = false, square = false, more?: string): string {
  return classes(
    "inline-flex items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap transition-colors select-none disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
    small ? "h-7 text-sm" : "h-9 text-base",
    square ? (small ? "w-7" : "w-9") : small ? "px-2.5" : "px-3.5",
    LOOKS[look],
    more,
  );
}
