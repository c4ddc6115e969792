import { Link } from "@tanstack/react-router";
import { Check, EllipsisVertical } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/objects";
import { nameOf, type RecordRow } from "@/api/records";
import { Button } from "@/components/Button";
import { Menu, MenuItem, MenuLabel } from "@/components/Menu";
import { classes } from "@/lib/classes";
import type { ColumnProps } from "./BoardColumn";
import { Value } from "./Value";

const SHOWN = 3;

/** One record on a board. Shift with an arrow key moves it to the column beside. */
export function BoardCard(props: ColumnProps & { row: RecordRow }) {
  const { object, by, value, values, money, list, row, movable, dragged, moved, onDrag, onMove } = props;
  const { t } = useTranslation();
  const names = useNames();
  const name = nameOf(object, row);
  const shown = [...(money ? [money] : []), ...list.columns.filter((field) => field !== money && field !== by)]
    .filter((field) => row[field.name] !== null && row[field.name] !== "" && row[field.name] !== undefined)
    .slice(0, SHOWN);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (moved.current !== row.id) return;
    moved.current = null;
    link.current?.focus();
  }, [moved, row.id]);
  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined;
    const to = step && values[values.indexOf(value) + step];
    if (!movable || to === undefined || to === 0) return;
    event.preventDefault();
    onMove(row.id, to);
  };
  return (
    <li
      draggable={movable}
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", name);
        event.dataTransfer.effectAllowed = "move";
        onDrag(row.id);
      }}
      onDragEnd={() => onDrag(null)}
      className={classes(
        "group/card rounded-lg border border-line bg-surface p-2.5 shadow-card",
        movable && "cursor-grab",
        dragged === row.id && "opacity-50",
      )}
    >
      <div className="flex items-start gap-1">
        <Link
          ref={link}
          to="/records/$object/$record"
          params={{ object: object.name, record: row.id }}
          draggable={false}
          onKeyDown={press}
          aria-keyshortcuts={movable ? "Shift+ArrowLeft Shift+ArrowRight" : undefined}
          className="min-w-0 flex-1 font-medium break-words underline-offset-2 hover:underline"
        >
          {name}
        </Link>
        {movable && (
          <Menu
            trigger={
              <Button
                small
                look="quiet"
                className="-my-0.5 -mr-1"
                icon={<EllipsisVertical aria-hidden />}
                aria-label={t("records.moveCard", { name })}
              />
            }
          >
            <MenuLabel>{t("records.moveTo")}</MenuLabel>
            {values.map((each) => (
              <MenuItem
                key={each ?? ""}
                icon={each === value ? Check : undefined}
                onSelect={() => each !== value && onMove(row.id, each)}
              >
                {each ?? t("records.noValue")}
              </MenuItem>
            ))}
          </Menu>
        )}
      </div>
      {shown.map((field) => (
        <div key={field.name} className="mt-1 flex gap-1.5 text-sm text-muted">
          <span className="shrink-0">{names.field(field)}</span>
          <span className="min-w-0 truncate text-ink">
            <Value field={field} value={row[field.name]} />
          </span>
        </div>
      ))}
    </li>
  );
}
