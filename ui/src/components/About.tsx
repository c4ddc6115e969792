import { CircleHelp } from "lucide-react";
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** What a figure means, one click beside its name. */
export function About({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={t("common.about", { name })}
        className="-my-1 grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink"
      >
        <CircleHelp className="size-3.5" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={name}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="animate-appear z-50 outline-none w-72 rounded-lg border border-line bg-raised p-3 text-base shadow-pop"
        >
          <p className="font-semibold">{name}</p>
          <p className="mt-1 text-muted">{children}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
