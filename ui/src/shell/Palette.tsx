import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Languages, Moon, Sun } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNames, useObjects } from "@/api/objects";
import { searchRecords } from "@/api/records";
import { useMay } from "@/api/session";
import { workflowsQuery } from "@/api/workflows";
import { Dialog } from "@/components/Dialog";
import { currentLanguage, setLanguage } from "@/i18n";
import { isDark, setTheme } from "@/theme/theme";
import { AUTOMATION, objectIcon, SETTINGS, WORK } from "./navigation";

const ROW =
  "flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-base data-[selected=true]:bg-accent-soft [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";
const GROUP =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted";

/** Ctrl-K: pages, workflows, records by name, and switches, from the keyboard. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("shell.search")} bare wide>
      <Choices onClose={onClose} />
    </Dialog>
  );
}

function Choices({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const objects = useObjects().data ?? [];
  const workflows = useQuery(workflowsQuery).data ?? [];
  const found = useQuery({
    queryKey: ["search", wanted],
    enabled: wanted.length >= 2,
    placeholderData: (before) => before,
    queryFn: () => searchRecords(objects, wanted),
  });
  const go = (to: string) => {
    onClose();
    void navigate({ to });
  };
  const act = (run: () => void) => () => {
    onClose();
    run();
  };
  return (
    <Command label={t("shell.search")} loop>
      <Command.Input
        data-first
        value={text}
        onValueChange={setText}
        placeholder={t("shell.searchHint")}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-lg outline-none"
      />
      <Command.List className="max-h-[56vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-base text-muted">
          {t("shell.nothingFound", { text })}
        </Command.Empty>
        {!!found.data?.length && wanted.length >= 2 && (
          <Command.Group heading={t("shell.records")} className={GROUP}>
            {found.data.map((each) => {
              const Icon = objectIcon(each.object);
              return (
                <Row
                  key={each.id}
                  value={`${wanted} ${each.name} ${each.id}`}
                  icon={<Icon aria-hidden />}
                  onSelect={() => go(`/records/${each.object}/${each.id}`)}
                >
                  {each.name}
                  <span className="ml-auto truncate text-sm text-muted">{each.note}</span>
                </Row>
              );
            })}
          </Command.Group>
        )}
        <Command.Group heading={t("shell.goTo")} className={GROUP}>
          {[...WORK, ...AUTOMATION, SETTINGS]
            .filter((place) => !place.needs || may(place.needs))
            .map((place) => (
              <Row
                key={place.to}
                value={t(place.label)}
                icon={<place.icon aria-hidden />}
                onSelect={() => go(place.to)}
              >
                {t(place.label)}
              </Row>
            ))}
          {objects.map((object) => {
            const Icon = objectIcon(object.name);
            return (
              <Row
                key={object.name}
                value={`${names.plural(object)} ${object.name}`}
                icon={<Icon aria-hidden />}
                onSelect={() => go(`/records/${object.name}`)}
              >
                {names.plural(object)}
              </Row>
            );
          })}
        </Command.Group>
        <Command.Group heading={t("shell.workflows")} className={GROUP}>
          {workflows.map((workflow) => (
            <Row
              key={workflow.id}
              value={`${workflow.name} ${workflow.id}`}
              onSelect={() => go(`/workflows/${workflow.id}`)}
            >
              {workflow.name}
            </Row>
          ))}
        </Command.Group>
        <Command.Group heading={t("shell.switches")} className={GROUP}>
          <Row
            value={t("shell.otherTheme")}
            icon={isDark() ? <Sun aria-hidden /> : <Moon aria-hidden />}
            onSelect={act(() => setTheme(isDark() ? "light" : "dark"))}
          >
            {t("shell.otherTheme")}
          </Row>
          <Row
            value={`${t("shell.otherLanguage")} language 语言`}
            icon={<Languages aria-hidden />}
            onSelect={act(() => void setLanguage(currentLanguage() === "en" ? "zh-CN" : "en"))}
          >
            {t("shell.otherLanguage")}
          </Row>
        </Command.Group>
      </Command.List>
    </Command>
  );
}

function Row({
  value,
  icon,
  onSelect,
  children,
}: {
  value: string;
  icon?: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item value={value} onSelect={onSelect} className={ROW}>
      {icon}
      {children}
    </Command.Item>
  );
}
