import { useTranslation } from "react-i18next";

/** Grey lines in the place of what is being loaded. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy aria-label={t("common.loading")} className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={`animate-wait h-4 rounded bg-line ${["w-11/12", "w-9/12", "w-10/12", "w-7/12"][row % 4]}`}
        />
      ))}
    </div>
  );
}
