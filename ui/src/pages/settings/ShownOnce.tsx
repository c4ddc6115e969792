import { Copy } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { INPUT } from "@/components/Field";
import { tell } from "@/components/toast";

/** A link or token that nobody will be shown again. Copying works without the clipboard API, which plain http lacks. */
export function ShownOnce({
  title,
  note,
  value,
  onClose,
}: {
  title: string;
  note: string;
  value: string | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const copy = () => {
    field.current?.select();
    document.execCommand("copy");
    tell(t("common.copied"));
  };
  return (
    <Dialog open={value !== null} onClose={onClose} title={title}>
      <p className="text-base text-muted">{note}</p>
      <div className="mt-4 flex gap-2">
        <input
          ref={field}
          readOnly
          aria-label={title}
          value={value ?? ""}
          className={`${INPUT} h-9 font-mono text-sm`}
          onFocus={(event) => event.target.select()}
        />
        <Button icon={<Copy aria-hidden />} onClick={copy}>
          {t("common.copy")}
        </Button>
      </div>
    </Dialog>
  );
}
