import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Check, Save, Trash2, Users } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeView, deleteView } from "@/api/generated";
import { type ObjectSchema, useNames } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { type ViewAnswer, viewsQuery } from "@/api/views";
import { Button } from "@/components/Button";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@/components/Menu";
import { tell } from "@/components/toast";
import { SaveView } from "./SaveView";
import { type List, searchOf } from "./useList";

const EVERYTHING = "all";

/** The saved views of a list: choose one, keep what is shown as one, save over it. The default one is shown first. */
export function ViewMenu({ object, list }: { object: ObjectSchema; list: List }) {
  const { t } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const views = useQuery(viewsQuery(object.name)).data;
  const [saving, setSaving] = useState(false);
  const chosen = views?.find((view) => view.id === list.search.view);
  const changed = !!chosen && JSON.stringify(searchOf(chosen)) !== JSON.stringify(shownBy(list));
  useFirst(views, list);
  const renew = () => queries.invalidateQueries({ queryKey: ["views", object.name] });
  const saveOver = useMutation({
    mutationFn: ({ id, name, shared, is_default }: ViewAnswer) =>
      changeView({
        path: { view: id },
        body: { name, shared, is_default, document: list.document },
        throwOnError: true,
      }),
    onSuccess: () => {
      void renew();
      tell(t("records.viewSaved"));
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  const remove = useMutation({
    mutationFn: (view: ViewAnswer) => deleteView({ path: { view: view.id }, throwOnError: true }),
    onSuccess: () => {
      void renew();
      tell(t("records.viewDeleted"));
      list.show({ view: EVERYTHING });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  const title = chosen ? `${chosen.name}${changed ? " *" : ""}` : t("records.allOf", { objects: names.plural(object) });
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button icon={<Bookmark aria-hidden />} aria-label={t("records.viewIs", { name: title })}>
            <span className="max-w-44 truncate">{title}</span>
          </Button>
        }
      >
        <MenuItem icon={chosen ? undefined : Check} onSelect={() => list.show({ view: EVERYTHING })}>
          {t("records.allOf", { objects: names.plural(object) })}
        </MenuItem>
        {!!views?.length && <MenuLabel>{t("records.views")}</MenuLabel>}
        {views?.map((view) => (
          <MenuItem
            key={view.id}
            icon={view.id === chosen?.id ? Check : view.shared ? Users : Bookmark}
            onSelect={() => list.show(searchOf(view))}
          >
            <span className="min-w-0 flex-1 truncate">{view.name}</span>
            {view.shared && <span className="text-xs text-muted">{t("records.sharedView")}</span>}
            {view.is_default && <span className="text-xs text-muted">{t("records.defaultView")}</span>}
          </MenuItem>
        ))}
        <MenuLine />
        {chosen?.mine && changed && (
          <MenuItem icon={Save} onSelect={() => saveOver.mutate(chosen)}>
            {t("records.saveOver", { name: chosen.name })}
          </MenuItem>
        )}
        <MenuItem icon={Bookmark} onSelect={() => setSaving(true)}>
          {t("records.saveAs")}
        </MenuItem>
        {chosen?.mine && (
          <MenuItem icon={Trash2} danger onSelect={() => remove.mutate(chosen)}>
            {t("records.deleteView", { name: chosen.name })}
          </MenuItem>
        )}
      </Menu>
      {saving && <SaveView object={object} list={list} onClose={() => setSaving(false)} />}
    </>
  );
}

/** What the list shows, in the form of a view's address, to tell whether it is still the view. */
function shownBy(list: List) {
  const { view, filters, match, order, columns, board } = list.search;
  return { view, filters, match, order, columns, board };
}

/** A list that is opened without conditions begins with one's own default view, else with that of all. */
function useFirst(views: ViewAnswer[] | undefined, list: List) {
  const bare = Object.values(list.search).every((value) => value === undefined);
  const first = views
    ?.filter((view) => view.is_default)
    .sort((one, other) => Number(one.shared) - Number(other.shared))[0];
  const { show } = list;
  useEffect(() => {
    if (bare && first) show(searchOf(first), true);
  });
}
