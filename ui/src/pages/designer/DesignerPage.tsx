import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Draft, type NodeTypeRow, nodeTypesQuery, openDraft, publish } from "@/api/design";
import { asProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import { Canvas } from "@/canvas/Canvas";
import { addNode, appendNode, insertOnEdge } from "@/canvas/commands";
import { type Designer, DesignerProvider, type Place } from "@/canvas/DesignerContext";
import { placed } from "@/canvas/layout";
import { asJourney, wayOf } from "@/canvas/overlay";
import { useChecked } from "@/canvas/useChecked";
import { useDocument } from "@/canvas/useDocument";
import { Async } from "@/components/Async";
import { tell } from "@/components/toast";
import { ConflictDialog } from "./ConflictDialog";
import { Inspector } from "./Inspector";
import { NodePicker } from "./NodePicker";
import { Problems } from "./Problems";
import { Toolbar } from "./Toolbar";
import { TryBar } from "./TryBar";
import { TryDialog } from "./TryDialog";
import { useCounts } from "./useCounts";
import { useDraft } from "./useDraft";
import { useKeys } from "./useKeys";
import { useLeaving } from "./useLeaving";
import { TryingProvider, useTryout } from "./useTryout";

const route = getRouteApi("/inside/workflows/$workflow/design");

export function DesignerPage() {
  const { workflow } = route.useParams();
  const types = useQuery(nodeTypesQuery);
  const draft = useQuery({
    queryKey: ["draft", workflow],
    queryFn: async () => {
      const found = await openDraft(workflow);
      return { ...found, definition: await placed(found.definition) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0, // opened afresh each time: somebody else may have saved
  });
  return (
    <Async query={types}>
      {(known) => (
        <Async query={draft}>
          {(found) => <Studio key={workflow} workflow={workflow} draft={found} types={known} />}
        </Async>
      )}
    </Async>
  );
}

function Studio({
  workflow,
  draft,
  types,
}: {
  workflow: string;
  draft: Draft;
  types: ReadonlyMap<string, NodeTypeRow>;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const readOnly = !useMay()("workflow:update");
  const document_ = useDocument(draft.definition);
  const { definition, change, select } = document_;
  const keeping = useDraft(workflow, draft, definition);
  useLeaving(keeping);
  const checked = useChecked(definition);
  const [place, setPlace] = useState<Place | null>(null);
  const [reveal, setReveal] = useState<string | null>(null);
  const [showProblems, setShowProblems] = useState(false);
  const counts = useCounts(workflow, route.useSearch().counts);
  const trying = useTryout(definition);
  const overlay = useMemo(
    () => (trying.result ? wayOf(definition, asJourney(trying.result)) : counts),
    [definition, trying.result, counts],
  );
  const designer = useMemo<Designer>(
    () => ({ ...document_, types, checked, readOnly, reveal, overlay, pick: setPlace }),
    [document_, types, checked, readOnly, reveal, overlay],
  );
  useKeys(designer);
  useEffect(() => {
    document.title = `${definition.name} · Towpath`;
  }, [definition.name]);

  const add = (type: NodeTypeRow) => {
    if (!place) return;
    const made = { type: type.name, title: type.title, input: type.inputs?.[0]?.name, output: type.outputs?.[0]?.name };
    const next =
      "after" in place
        ? appendNode(definition, made, place.after)
        : "edge" in place
          ? insertOnEdge(definition, made, place.edge)
          : addNode(definition, made, place.at);
    change(() => next.definition);
    select({ nodes: [next.id], edges: [] });
    setReveal(next.id);
    setPlace(null);
  };
  const publishing = useMutation({
    mutationFn: async () => publish(workflow, await keeping.flush()),
    onSuccess: (made) => {
      tell(made.unchanged ? t("canvas.unchanged") : t("canvas.published", { version: made.version }));
      for (const key of [["workflows"], ["workflow", workflow], ["versions", workflow]])
        void queries.invalidateQueries({ queryKey: key });
    },
    onError: (error) => tell(asProblem(error).message, "bad"),
  });

  return (
    <DesignerProvider value={designer}>
      <TryingProvider value={trying}>
        <div className="flex h-full min-h-0 flex-col">
          <Toolbar
            workflow={workflow}
            keeping={keeping}
            onProblems={() => setShowProblems((shown) => !shown)}
            onPublish={() => publishing.mutate()}
            publishing={publishing.isPending}
          />
          <TryBar />
          <div className="flex min-h-0 flex-1 max-md:flex-col">
            <section aria-label={t("canvas.canvas")} className="relative min-h-64 min-w-0 flex-1">
              <ReactFlowProvider>
                <Canvas />
              </ReactFlowProvider>
              {showProblems && (
                <div className="absolute inset-x-3 bottom-3 max-h-[45%] overflow-y-auto rounded-xl border border-line bg-raised shadow-pop">
                  <Problems />
                </div>
              )}
            </section>
            <Inspector />
          </div>
        </div>
        <NodePicker place={place} types={types} onPick={add} onClose={() => setPlace(null)} />
        <ConflictDialog
          keeping={keeping}
          mine={definition}
          onTheirs={() => {
            if (!keeping.theirs) return;
            document_.reset(keeping.theirs.definition);
            keeping.accept(keeping.theirs);
          }}
        />
        <TryDialog trying={trying} workflow={workflow} definition={definition} />
      </TryingProvider>
    </DesignerProvider>
  );
}
