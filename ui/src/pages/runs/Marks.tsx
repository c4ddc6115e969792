import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { workflowQuery } from "@/api/workflows";
import { Button } from "@/components/Button";
import { day, span } from "@/lib/format";

const route = getRouteApi("/inside/runs");

/** What a mark of a chart has narrowed the list to; each is taken away by a click. */
export function Marks() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const filter = (change: Partial<typeof search>) =>
    void navigate({ to: "/runs", search: { ...search, ...change }, replace: true });
  const { least, under } = search;
  const of = search.status === "waiting" ? "age" : "took";
  const took =
    least && under
      ? t(`runs.marks.${of}.between`, { least: span(least), under: span(under) })
      : under
        ? t(`runs.marks.${of}.under`, { under: span(under) })
        : least && t(`runs.marks.${of}.least`, { least: span(least) });
  return (
    <>
      {search.day && (
        <Mark onClear={() => filter({ day: undefined })}>{t("runs.marks.day", { day: day(search.day) })}</Mark>
      )}
      {took && <Mark onClear={() => filter({ least: undefined, under: undefined })}>{took}</Mark>}
      {search.at && (
        <Mark onClear={() => filter({ at: undefined })}>
          {t("runs.marks.at")} <NodeName workflow={search.workflow} node={search.at} />
        </Mark>
      )}
    </>
  );
}

function Mark({ onClear, children }: { onClear: () => void; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <Button small icon={<X aria-hidden />} onClick={onClear}>
      {children}
      <span className="sr-only">{t("runs.marks.clear")}</span>
    </Button>
  );
}

function NodeName({ workflow, node }: { workflow?: string; node: string }) {
  const found = useQuery({ ...workflowQuery(workflow ?? ""), enabled: !!workflow });
  return found.data?.nodes[node]?.name ?? node;
}
