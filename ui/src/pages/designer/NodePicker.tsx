import { Command } from "cmdk";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { NodeTypeRow } from "@/api/design";
import type { Place } from "@/canvas/DesignerContext";
import { iconOf } from "@/canvas/icons";
import { Dialog } from "@/components/Dialog";

const RECENT = "towpath.recent-nodes";
const MOST_RECENT = 5;

/** Search for what a node can do; the ones used last come first. */
export function NodePicker({
  place,
  types,
  onPick,
  onClose,
}: {
  place: Place | null;
  types: ReadonlyMap<string, NodeTypeRow>;
  onPick: (type: NodeTypeRow) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const groups = useMemo(() => grouped(types, place), [types, place]);
  const choose = (type: NodeTypeRow) => {
    remember(type.name);
    onPick(type);
  };
  return (
    <Dialog open={place !== null} onClose={onClose} title={t("canvas.addNode")} bare>
      <Command label={t("canvas.addNode")} loop filter={rank}>
        <Command.Input
          data-first
          placeholder={t("canvas.searchNodes")}
          className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="max-h-[52vh] overflow-y-auto p-1.5">
          <Command.Empty className="px-4 py-8 text-center text-muted">{t("canvas.noSuchNode")}</Command.Empty>
          {groups.map(([group, rows]) => (
            <Command.Group
              key={group}
              heading={t(`canvas.groups.${group}`, { defaultValue: group })}
              className="**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-muted"
            >
              {rows.map((type) => (
                <Choice key={type.name} group={group} type={type} onSelect={() => choose(type)} />
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Choice({ group, type, onSelect }: { group: string; type: NodeTypeRow; onSelect: () => void }) {
  const Icon = iconOf(type.icon);
  return (
    <Command.Item
      value={`${group} ${type.name}`}
      keywords={[type.title, type.description, type.name]}
      onSelect={onSelect}
      className="flex cursor-pointer items-center gap-3 rounded-lg px-2.5 py-1.5 data-[selected=true]:bg-hover"
    >
      <span className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-strong">
        <Icon className="size-4" aria-hidden />
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{type.title}</span>
        <span className="block truncate text-sm text-muted">{type.description}</span>
      </span>
    </Command.Item>
  );
}

/** How well a node fits what was typed: by its title, its name, then its description. */
function rank(value: string, search: string, keywords: string[] = []): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const [title = "", description = "", name = ""] = keywords.map((each) => each.toLowerCase());
  const scores = words.map((word) => {
    if (title.startsWith(word)) return 1;
    if (title.includes(word)) return 0.8;
    if (name.includes(word)) return 0.6;
    return description.includes(word) ? 0.3 : 0;
  });
  return scores.includes(0) ? 0 : Math.min(1, ...scores) - (value.startsWith("recent ") ? 0 : 0.01);
}

/** Triggers begin a workflow, so they are offered only where nothing leads in. */
function grouped(types: ReadonlyMap<string, NodeTypeRow>, place: Place | null): [string, NodeTypeRow[]][] {
  const fits = [...types.values()].filter((type) => !type.trigger || (place && "at" in place));
  const groups = new Map<string, NodeTypeRow[]>();
  const recent = recentNames().flatMap((name) => fits.filter((type) => type.name === name));
  if (recent.length) groups.set("recent", recent);
  for (const type of fits) groups.set(type.group, [...(groups.get(type.group) ?? []), type]);
  return [...groups];
}

function recentNames(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(
      RECENT,
      JSON.stringify([name, ...recentNames().filter((each) => each !== name)].slice(0, MOST_RECENT)),
    );
  } catch {
    // not kept; the list is only a convenience
  }
}
