import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "@/components/Field";
import type { List } from "./useList";

const PAUSE = 250;

/** Looks for a text among the names of a list, a moment after it was typed. */
export function Find({ list }: { list: List }) {
  const { t } = useTranslation();
  const sought = list.search.q ?? "";
  const [text, setText] = useState(sought);
  const [known, setKnown] = useState(sought);
  if (sought !== known) {
    setKnown(sought); // it came by Back or with a view
    setText(sought);
  }
  const { go } = list;
  useEffect(() => {
    if (text === sought) return;
    const later = setTimeout(() => {
      setKnown(text);
      go({ q: text || undefined }, true);
    }, PAUSE);
    return () => clearTimeout(later);
  });
  return (
    <div className="w-full sm:w-72">
      <TextField
        label={t("records.find")}
        hidden
        type="search"
        placeholder={t("records.findHint")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
