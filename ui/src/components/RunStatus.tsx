import { Ban, CircleCheck, CircleX, Clock3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "./Badge";

const LOOKS: Record<string, [Tone, typeof Clock3]> = {
  waiting: ["info", Clock3],
  completed: ["good", CircleCheck],
  failed: ["bad", CircleX],
  cancelled: ["neutral", Ban],
};

/** How a run stands. */
export function RunStatus({ status }: { status: string }) {
  const { t } = useTranslation();
  const [tone, Icon] = LOOKS[status] ?? ["neutral", Clock3];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {t(`runs.status.${status}`, status)}
    </Badge>
  );
}
