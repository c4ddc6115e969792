import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Check, Hand, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { claimTask, completeTask } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import type { TaskRow } from "@/api/tasks";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { sentence } from "@/components/Failure";
import { tell } from "@/components/toast";
import { TaskForm } from "./TaskForm";
import { Due } from "./TasksPage";

const LINK = "text-accent-strong underline-offset-2 hover:underline";

/** One task: what it is about, its form, and the ways to end it. */
export function TaskPanel({ task, onDone }: { task: TaskRow; onDone: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [answers, setAnswers] = useState<Record<string, unknown>>({});
  const again = () => queries.invalidateQueries({ queryKey: ["tasks"] });
  const path = { task: task.id };
  const claim = useMutation({
    mutationFn: () => claimTask({ path, body: {}, throwOnError: true }),
    onSuccess: again,
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  const end = useMutation({
    mutationFn: (outcome?: string) =>
      completeTask({
        path,
        body: { outcome, response: Object.keys(answers).length ? answers : undefined },
        throwOnError: true,
      }),
    onSuccess: (_, outcome) => {
      tell(t(outcome ? `tasks.told.${outcome}` : "tasks.told.done"));
      void again();
      onDone();
    },
  });
  const approval = task.kind === "approval";
  const problem = end.isError ? asProblem(end.error) : null;
  return (
    <Card>
      <Button small look="quiet" className="-ml-2 mb-2 lg:hidden" icon={<ArrowLeft aria-hidden />} onClick={onDone}>
        {t("common.back")}
      </Button>
      <h2 className="text-lg font-semibold break-words">{task.subject}</h2>
      <div className="mt-1.5">
        <Due task={task} />
      </div>
      {task.description && <p className="mt-4 text-base break-words whitespace-pre-wrap">{task.description}</p>}
      <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1">
        {task.relatedObject && task.relatedId && (
          <Link
            to="/records/$object/$record"
            params={{ object: task.relatedObject, record: task.relatedId }}
            className={LINK}
          >
            {t("tasks.record")}
          </Link>
        )}
        {task.runId && (
          <Link to="/runs/$run" params={{ run: task.runId }} className={LINK}>
            {t("tasks.run")}
          </Link>
        )}
      </p>
      {task.form?.properties && <TaskForm form={task.form} answers={answers} onChange={setAnswers} />}
      {problem && (
        <div role="alert" className="mt-4 rounded-lg bg-bad-soft px-3 py-2 text-base">
          <p className="text-bad">{sentence(problem.message)}</p>
          {problem.hint && <p className="text-muted">{problem.hint}</p>}
        </div>
      )}
      {may("task:execute") && (
        <div className="mt-6 flex flex-wrap gap-2 border-t border-line pt-4">
          {approval ? (
            <>
              <Button
                look="primary"
                icon={<ThumbsUp aria-hidden />}
                busy={end.isPending}
                onClick={() => end.mutate("approved")}
              >
                {t("tasks.approve")}
              </Button>
              <Button
                look="danger"
                icon={<ThumbsDown aria-hidden />}
                busy={end.isPending}
                onClick={() => end.mutate("rejected")}
              >
                {t("tasks.reject")}
              </Button>
            </>
          ) : (
            <Button
              look="primary"
              icon={<Check aria-hidden />}
              busy={end.isPending}
              onClick={() => end.mutate(undefined)}
            >
              {t("tasks.complete")}
            </Button>
          )}
          {task.status === "Open" && (
            <Button icon={<Hand aria-hidden />} busy={claim.isPending} onClick={() => claim.mutate()}>
              {t("tasks.claim")}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}
