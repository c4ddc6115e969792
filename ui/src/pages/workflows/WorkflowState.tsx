import { CirclePause, CirclePlay, CirclePower } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { WorkflowRow } from "@/api/workflows";
import { Badge, type Tone } from "@/components/Badge";

const LOOKS: Record<string, [Tone, typeof CirclePlay]> = {
  on: ["good", CirclePlay],
  off: ["neutral", CirclePower],
  paused: ["warn", CirclePause],
};

export function WorkflowState({ row }: { row: WorkflowRow }) {
  const { t } = useTranslation();
  const [tone, Icon] = LOOKS[row.status] ?? ["neutral", CirclePower];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {t(`workflows.status.${row.status}`, row.status)}
    </Badge>
  );
}
