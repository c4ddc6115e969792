import { Check, Columns2, Rows3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames } from "@/api/objects";
import { Button } from "@/components/Button";
import { Menu, MenuItem, MenuLabel } from "@/components/Menu";
import type { List } from "./useList";

/** Rows, or a board by any of the choice fields. */
export function LayoutMenu({ object, list }: { object: ObjectSchema; list: List }) {
  const { t } = useTranslation();
  const names = useNames();
  const choices = object.fields.filter((field) => field.type === "choice" && field.choices?.length);
  if (!choices.length) return null;
  const title = list.board ? t("records.boardBy", { field: names.field(list.board) }) : t("records.rows");
  return (
    <Menu
      align="start"
      trigger={<Button icon={list.board ? <Columns2 aria-hidden /> : <Rows3 aria-hidden />}>{title}</Button>}
    >
      <MenuItem icon={list.board ? Rows3 : Check} onSelect={() => list.go({ board: undefined })}>
        {t("records.rows")}
      </MenuItem>
      <MenuLabel>{t("records.board")}</MenuLabel>
      {choices.map((field) => (
        <MenuItem
          key={field.name}
          icon={list.board?.name === field.name ? Check : Columns2}
          onSelect={() => list.go({ board: field.name })}
        >
          {t("records.boardBy", { field: names.field(field) })}
        </MenuItem>
      ))}
    </Menu>
  );
}
