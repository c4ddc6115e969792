import { ImageDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

/** Saves a chart as a picture. */
export function ImageButton({ name, save }: { name: string; save: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      small
      look="quiet"
      icon={<ImageDown aria-hidden />}
      aria-label={t("measure.savePng", { name })}
      title={t("measure.savePng", { name })}
      onClick={save}
    />
  );
}
