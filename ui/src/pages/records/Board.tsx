import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "@/api/many";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { useLive } from "@/lib/live";
import { BoardColumn } from "./BoardColumn";
import type { List } from "./useList";
import { useMove } from "./useMove";

/** The records of a list as cards in one column for each choice; a card is moved by dragging, by its menu or by keys. */
export function Board({ object, list, by }: { object: ObjectSchema; list: List; by: FieldSchema }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const money = object.fields.find((field) => field.type === "money");
  const groups = useQuery(groupsQuery(object.name, by.name, list.asked.where, money ? [money.name] : []));
  const { move, moved } = useMove(object, by);
  const [dragged, setDragged] = useState<string | null>(null);
  useLive([
    ["records", object.name, "board"],
    ["groups", object.name],
  ]);
  return (
    <Async query={groups} rows={8}>
      {(found) => {
        const choices = by.choices ?? [];
        const values: (string | null)[] = [...choices];
        for (const group of found) if (!values.includes(group.value)) values.push(group.value);
        return (
          <section
            aria-label={t("records.boardBy", { field: names.field(by) })}
            className="-mx-1 flex min-h-96 flex-1 snap-x gap-3 overflow-x-auto px-1 pb-2"
          >
            {values.map((value) => (
              <BoardColumn
                key={value ?? ""}
                object={object}
                by={by}
                value={value}
                values={values}
                money={money}
                group={found.find((each) => each.value === value)}
                list={list}
                movable={may("record:update") && !by.read_only}
                dragged={dragged}
                onDrag={setDragged}
                moved={moved}
                onMove={(record, to) => move({ record, to })}
              />
            ))}
          </section>
        );
      }}
    </Async>
  );
}
