import { Tabs } from "radix-ui";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { columnsOf, fieldsOf, textOf } from "@/lib/items";
import { Table, Td, Th } from "./Table";

type Item = Record<string, unknown>;
const VIEWS = ["table", "json", "schema"] as const;
const MOST_COLUMNS = 100;
const MOST_ROWS = 100;

/** Items as a table, as JSON, or as the fields that they have; those that are new or other than `before` come first. */
export function Items({ label, items, before }: { label: string; items: readonly Item[]; before?: readonly Item[] }) {
  const { t } = useTranslation();
  const id = useId();
  const shown = items.slice(0, MOST_ROWS);
  return (
    <Tabs.Root defaultValue="table" aria-labelledby={id}>
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 id={id} className="text-sm font-semibold">
          {label} <span className="font-normal text-muted">{t("common.items", { count: items.length })}</span>
        </h3>
        <Tabs.List aria-label={label} className="ml-auto flex gap-0.5 rounded-lg bg-sunken p-0.5">
          {VIEWS.map((view) => (
            <Tabs.Trigger
              key={view}
              value={view}
              className="rounded-md px-2 py-0.5 text-xs font-medium text-muted data-[state=active]:bg-surface data-[state=active]:text-ink data-[state=active]:shadow-card"
            >
              {t(`common.views.${view}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <div className="overflow-hidden rounded-lg border border-line">
        <Tabs.Content value="table">
          <AsTable label={label} items={shown} before={before} />
        </Tabs.Content>
        <Tabs.Content value="json">
          <pre className="max-h-72 overflow-auto bg-sunken p-3 font-mono text-xs" tabIndex={0}>
            {JSON.stringify(shown, null, 2)}
          </pre>
        </Tabs.Content>
        <Tabs.Content value="schema">
          <AsFields label={label} items={shown} />
        </Tabs.Content>
      </div>
      {items.length > MOST_ROWS && (
        <p className="mt-1 text-xs text-muted">{t("common.firstItems", { count: MOST_ROWS })}</p>
      )}
    </Tabs.Root>
  );
}

function AsTable({ label, items, before }: { label: string; items: readonly Item[]; before?: readonly Item[] }) {
  const { t } = useTranslation();
  const columns = columnsOf(items, before).slice(0, MOST_COLUMNS);
  if (!columns.length) return <p className="p-3 text-sm text-muted">{t("common.emptyItems")}</p>;
  return (
    <div className="max-h-72 overflow-auto">
      <Table label={label} head={columns.map((column) => <Th key={column}>{column}</Th>)}>
        {items.map((item, place) => (
          <tr key={place}>
            {columns.map((column) => (
              <Td key={column} className="max-w-64 truncate text-sm" title={textOf(item[column])}>
                {textOf(item[column])}
              </Td>
            ))}
          </tr>
        ))}
      </Table>
    </div>
  );
}

function AsFields({ label, items }: { label: string; items: readonly Item[] }) {
  const { t } = useTranslation();
  return (
    <div className="max-h-72 overflow-auto">
      <Table
        label={label}
        head={["field", "type", "example"].map((column) => <Th key={column}>{t(`common.schema.${column}`)}</Th>)}
      >
        {fieldsOf(items).map((field) => (
          <tr key={field.path}>
            <Td className="font-mono text-xs">{field.path}</Td>
            <Td className="text-muted">{field.types.join(", ")}</Td>
            <Td className="max-w-64 truncate text-muted">{field.example}</Td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
