import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/Button";
import { sentence } from "@/components/Failure";

/** The foot of a dialog's form: what went wrong, a way out, and the button that does it. */
export function FormEnd({
  error,
  busy,
  label,
  onClose,
}: {
  error: unknown;
  busy: boolean;
  label: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const problem = error ? asProblem(error) : null;
  return (
    <>
      {problem && (
        <div role="alert" className="text-base text-bad">
          <p>{sentence(problem.message)}</p>
          {problem.problems?.map((each) => (
            <p key={`${each.field}${each.message}`} className="text-sm">
              {each.message}
            </p>
          ))}
          {problem.hint && <p className="text-sm text-muted">{problem.hint}</p>}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" busy={busy}>
          {label}
        </Button>
      </div>
    </>
  );
}
