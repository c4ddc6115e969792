import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { workflowsQuery } from "@/api/workflows";
import { Button } from "@/components/Button";
import { SelectField } from "@/components/Field";
import { number } from "@/lib/format";
import { Marks } from "./Marks";

const route = getRouteApi("/inside/runs");
const STATUSES = ["waiting", "completed", "failed", "cancelled"];
const DAYS = [1, 7, 30, 90];

/** Which runs are listed; it all stands in the address, so that it can be kept and sent. */
export function RunFilters({ counted }: { counted?: (status: string) => number }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const workflows = useQuery(workflowsQuery).data ?? [];
  const filter = (change: Partial<typeof search>) =>
    void navigate({ to: "/runs", search: { ...search, ...change }, replace: true });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <SelectField
        label={t("runs.workflow")}
        hidden
        className="max-w-72"
        value={search.workflow ?? ""}
        onChange={(event) => filter({ workflow: event.target.value || undefined })}
      >
        <option value="">{t("runs.anyWorkflow")}</option>
        {workflows.map((row) => (
          <option key={row.id} value={row.id}>
            {row.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("runs.period")}
        hidden
        className="max-w-48"
        value={search.days ?? ""}
        onChange={(event) => filter({ days: Number(event.target.value) || undefined })}
      >
        <option value="">{t("runs.anyTime")}</option>
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {t("runs.lastDays", { count: days })}
          </option>
        ))}
      </SelectField>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">{t("runs.state")}</legend>
        {["", ...STATUSES].map((status) => (
          <Button
            key={status}
            small
            look={(search.status ?? "") === status ? "primary" : "plain"}
            aria-pressed={(search.status ?? "") === status}
            onClick={() => filter({ status: status || undefined })}
          >
            {status ? t(`runs.status.${status}`) : t("common.all")}
            {status && counted && <span className="numeric opacity-80">{number(counted(status))}</span>}
          </Button>
        ))}
      </fieldset>
      {search.record && (
        <Button small icon={<X aria-hidden />} onClick={() => filter({ record: undefined })}>
          {t("runs.ofRecord")}
        </Button>
      )}
      <Marks />
    </div>
  );
}
