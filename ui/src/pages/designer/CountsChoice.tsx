import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { SelectField } from "@/components/Field";

const PERIODS = ["7", "30", "90", "all"];

/** Which period's runs are counted on the canvas. */
export function CountsChoice({ workflow }: { workflow: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { counts } = useSearch({ from: "/inside/workflows/$workflow/design" });
  if (!may("metric:read")) return null;
  const show = (period: string) =>
    void navigate({
      to: "/workflows/$workflow/design",
      params: { workflow },
      search: { counts: period || undefined },
      replace: true,
    });
  return (
    <SelectField
      label={t("canvas.counts.title")}
      hidden
      className="h-7! w-auto py-0 text-sm!"
      value={counts ?? ""}
      onChange={(event) => show(event.target.value)}
    >
      <option value="">{t("canvas.counts.none")}</option>
      {PERIODS.map((period) => (
        <option key={period} value={period}>
          {period === "all" ? t("canvas.counts.all") : t("canvas.counts.days", { days: period })}
        </option>
      ))}
    </SelectField>
  );
}
