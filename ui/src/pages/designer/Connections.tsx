import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { connect, remove } from "@/canvas/commands";
import { portsOf, useDesigner } from "@/canvas/DesignerContext";
import { IN, nodeName, OUT } from "@/canvas/document";
import { Button } from "@/components/Button";
import { INPUT } from "@/components/Field";

/** Where a node leads, as a list: the way to connect without a mouse. */
export function Connections({ id }: { id: string }) {
  const { t } = useTranslation();
  const designer = useDesigner();
  const { definition, change, select } = designer;
  const { outputs } = portsOf(designer, id);
  const edges = Object.entries(definition.edges).filter(([, edge]) => edge.source === id);
  const others = Object.keys(definition.nodes).filter(
    (other) => other !== id && portsOf(designer, other).inputs.length,
  );
  if (!outputs.length) return null;
  return (
    <section aria-label={t("canvas.leadsTo")} className="flex flex-col gap-2">
      <h3 className="text-sm font-medium">{t("canvas.leadsTo")}</h3>
      {outputs.map((port) => {
        const label = port.label || port.name;
        return (
          <div key={port.name} className="flex flex-col gap-1 rounded-lg border border-line p-2">
            {outputs.length > 1 && <span className="text-xs text-muted">{label}</span>}
            {edges
              .filter(([, edge]) => (edge.source_port ?? OUT) === port.name)
              .map(([edgeId, edge]) => (
                <div key={edgeId} className="flex items-center gap-1">
                  <button
                    type="button"
                    className="min-w-0 flex-1 truncate text-left text-sm hover:underline"
                    onClick={() => select({ nodes: [edge.target], edges: [] })}
                  >
                    {nodeName(definition, edge.target)}
                  </button>
                  <Button
                    small
                    look="quiet"
                    icon={<X aria-hidden />}
                    aria-label={t("canvas.disconnect", { name: nodeName(definition, edge.target) })}
                    onClick={() => change((now) => remove(now, [], [edgeId]))}
                  />
                </div>
              ))}
            <select
              aria-label={t("canvas.connectTo", { port: label })}
              className={`${INPUT} h-7 text-sm`}
              value=""
              onChange={(event) => {
                const target = event.target.value;
                const [input] = portsOf(designer, target).inputs;
                change((now) => connect(now, { node: id, port: port.name }, { node: target, port: input?.name ?? IN }));
              }}
            >
              <option value="">{t("canvas.connect")}</option>
              {others.map((other) => (
                <option key={other} value={other}>
                  {nodeName(definition, other)}
                </option>
              ))}
            </select>
          </div>
        );
      })}
    </section>
  );
}
