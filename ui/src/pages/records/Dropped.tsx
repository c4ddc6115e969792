import { FileSpreadsheet, FileUp } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "@/lib/classes";
import { number } from "@/lib/format";

/** A place to drop a file on, which is also the button to choose one with. */
export function Dropped({ file, busy, onFile }: { file: File | null; busy: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way beside the button in it
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const dropped = event.dataTransfer.files[0];
        if (dropped) onFile(dropped);
      }}
      className={classes(
        "flex flex-col items-center gap-1 rounded-lg border border-dashed border-line-strong px-6 py-8 text-center transition-colors",
        over && "bg-accent-soft",
      )}
    >
      {file ? (
        <FileSpreadsheet className="size-6 text-accent" aria-hidden />
      ) : (
        <FileUp className="size-6 text-muted" aria-hidden />
      )}
      <p className="font-medium">{file ? file.name : t("records.dropHere")}</p>
      <p className="text-sm text-muted">
        {file ? t("records.kilobytes", { size: number(file.size / 1024, 0) }) : t("records.dropNote")}
      </p>
      <label
        htmlFor={id}
        className="mt-2 cursor-pointer rounded-lg border border-line bg-surface px-3.5 py-1.5 font-medium hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent"
      >
        {t(file ? "records.otherFile" : "records.chooseFile")}
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          disabled={busy}
          className="sr-only"
          onChange={(event) => event.target.files?.[0] && onFile(event.target.files[0])}
        />
      </label>
    </div>
  );
}
