import { Link } from "@tanstack/react-router";
import {
  ArrowLeft,
  CircleAlert,
  CloudCheck,
  CloudOff,
  CloudUpload,
  FlaskConical,
  Plus,
  Redo2,
  Rocket,
  Undo2,
  WandSparkles,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { move } from "@/canvas/commands";
import { useDesigner } from "@/canvas/DesignerContext";
import { tidied } from "@/canvas/layout";
import { Button, buttonClasses } from "@/components/Button";
import { CountsChoice } from "./CountsChoice";
import type { Keeping, SaveState } from "./useDraft";
import { useTrying } from "./useTryout";

const SAVE_ICON: Record<SaveState, ReactNode> = {
  saved: <CloudCheck aria-hidden className="size-4" />,
  changed: <CloudUpload aria-hidden className="size-4" />,
  saving: <CloudUpload aria-hidden className="size-4" />,
  failed: <CloudOff aria-hidden className="size-4" />,
  conflict: <CloudOff aria-hidden className="size-4" />,
};

/** What one does with the whole: back, name, state of saving, undo, tidy, add, problems, publish. */
export function Toolbar({
  workflow,
  keeping,
  onProblems,
  onPublish,
  publishing,
}: {
  workflow: string;
  keeping: Keeping;
  onProblems: () => void;
  onPublish: () => void;
  publishing: boolean;
}) {
  const { t } = useTranslation();
  const designer = useDesigner();
  const { definition, change, undo, redo, canUndo, canRedo, pick, checked, readOnly } = designer;
  const may = useMay();
  const trying = useTrying();
  const problems = checked?.problems.length ?? 0;
  const tidy = async () => {
    const places = await tidied(definition);
    change((now) => move(now, places));
  };
  return (
    <div
      className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-3 py-2"
      role="toolbar"
      aria-label={t("canvas.toolbar")}
    >
      <Link
        to="/workflows/$workflow"
        params={{ workflow }}
        className={buttonClasses("quiet", true, true)}
        aria-label={t("canvas.back")}
      >
        <ArrowLeft aria-hidden />
      </Link>
      <h1 className="min-w-0 truncate text-base font-semibold">{definition.name}</h1>
      <span role="status" className="flex items-center gap-1 text-sm text-muted">
        {SAVE_ICON[keeping.state]}
        {t(`canvas.save.${keeping.state}`)}
      </span>
      {keeping.state === "conflict" && (
        <Button small onClick={() => void keeping.flush().catch(() => {})}>
          {t("canvas.conflict.compareNow")}
        </Button>
      )}
      <span className="flex-1" />
      {!readOnly && (
        <>
          <Button
            small
            look="quiet"
            icon={<Undo2 aria-hidden />}
            aria-label={t("canvas.undo")}
            disabled={!canUndo}
            onClick={undo}
          />
          <Button
            small
            look="quiet"
            icon={<Redo2 aria-hidden />}
            aria-label={t("canvas.redo")}
            disabled={!canRedo}
            onClick={redo}
          />
          <Button small look="quiet" icon={<WandSparkles aria-hidden />} onClick={() => void tidy()}>
            {t("canvas.tidy")}
          </Button>
          <Button small icon={<Plus aria-hidden />} onClick={() => pick({ at: below(definition.nodes) })}>
            {t("canvas.add")}
          </Button>
        </>
      )}
      {may("workflow:execute") && (
        <Button small icon={<FlaskConical aria-hidden />} onClick={() => trying.ask()}>
          {t("canvas.try.button")}
        </Button>
      )}
      <CountsChoice workflow={workflow} />
      <Button small look={problems ? "plain" : "quiet"} icon={<CircleAlert aria-hidden />} onClick={onProblems}>
        {t("canvas.problems", { count: problems })}
      </Button>
      {!readOnly && (
        <Button
          small
          look="primary"
          icon={<Rocket aria-hidden />}
          busy={publishing}
          disabled={!checked?.ok}
          onClick={onPublish}
        >
          {t("canvas.publish")}
        </Button>
      )}
    </div>
  );
}

function below(nodes: Record<string, { position?: { x: number; y: number } }>): { x: number; y: number } {
  const lowest = Math.max(-120, ...Object.values(nodes).map((node) => node.position?.y ?? 0));
  return { x: 0, y: lowest + 120 };
}
