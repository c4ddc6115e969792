import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNames, useObjects } from "@/api/objects";
import { useMay } from "@/api/session";
import { AUTOMATION, MAIN_OBJECTS, objectIcon, type Place, SETTINGS, WORK } from "./navigation";

const LINK =
  "flex h-8 items-center gap-2.5 rounded-lg px-2.5 text-base text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-strong [&_svg]:size-4 [&_svg]:shrink-0";

/** The way to everything; `onGo` closes the drawer that holds it on small screens. */
export function Sidebar({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const objects = useObjects().data ?? [];
  const shown = objects
    .filter((object) => MAIN_OBJECTS.includes(object.name) || object.custom)
    .sort((a, b) => rank(a.name) - rank(b.name));
  const allowed = (places: Place[]) => places.filter((place) => !place.needs || may(place.needs));
  return (
    <nav aria-label={t("shell.navigation")} className="flex h-full flex-col gap-5 overflow-y-auto px-3 py-4">
      <Link
        to="/"
        onClick={onGo}
        className="flex items-center gap-2.5 rounded-lg px-2 text-lg font-semibold tracking-tight"
      >
        <img src="/app/favicon.svg" alt="" className="size-6" />
        Towpath
      </Link>
      <Group>
        {allowed(WORK).map((place) => (
          <Item
            key={place.to}
            to={place.to}
            icon={place.icon}
            label={t(place.label)}
            exact={place.to === "/"}
            onGo={onGo}
          />
        ))}
      </Group>
      <Group title={t("shell.records")}>
        {shown.map((object) => (
          <Item
            key={object.name}
            to={`/records/${object.name}`}
            icon={objectIcon(object.name)}
            label={names.plural(object)}
            onGo={onGo}
          />
        ))}
      </Group>
      <Group title={t("shell.automation")}>
        {allowed(AUTOMATION).map((place) => (
          <Item key={place.to} to={place.to} icon={place.icon} label={t(place.label)} onGo={onGo} />
        ))}
      </Group>
      <div className="mt-auto">
        <Item to={SETTINGS.to} icon={SETTINGS.icon} label={t(SETTINGS.label)} onGo={onGo} />
      </div>
    </nav>
  );
}

function rank(name: string): number {
  const place = MAIN_OBJECTS.indexOf(name);
  return place < 0 ? MAIN_OBJECTS.length : place;
}

function Group({ title, children }: { title?: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      {title && <p className="px-2.5 pb-1 text-xs font-medium text-muted">{title}</p>}
      {children}
    </div>
  );
}

function Item({
  to,
  icon: Icon,
  label,
  exact,
  onGo,
}: {
  to: string;
  icon: LucideIcon;
  label: string;
  exact?: boolean;
  onGo?: () => void;
}) {
  return (
    <Link
      to={to}
      className={LINK}
      activeOptions={{ exact: !!exact, includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
      onClick={onGo}
    >
      <Icon aria-hidden />
      <span className="truncate">{label}</span>
    </Link>
  );
}
