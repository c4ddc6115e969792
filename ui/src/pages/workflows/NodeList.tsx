import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DefinitionOf } from "@/api/workflows";
import { Badge } from "@/components/Badge";
import { Table, Td, Th } from "@/components/Table";

/** The nodes of a workflow as a list that can be read from top to bottom, also by a screen reader. */
export function NodeList({ definition }: { definition: DefinitionOf }) {
  const { t } = useTranslation();
  const edges = Object.values(definition.edges);
  const name = (node: string) => definition.nodes[node]?.name ?? node;
  return (
    <Table
      label={t("workflows.nodes")}
      head={
        <>
          <Th>{t("workflows.node")}</Th>
          <Th>{t("workflows.type")}</Th>
          <Th>{t("workflows.leadsTo")}</Th>
        </>
      }
    >
      {Object.entries(definition.nodes).map(([id, node]) => (
        <tr key={id} className="hover:bg-hover">
          <Td className="min-w-44 font-medium">{node.name ?? id}</Td>
          <Td>
            <Badge tone={node.type.startsWith("trigger.") ? "accent" : "neutral"}>{node.type}</Badge>
          </Td>
          <Td>
            <span className="flex flex-wrap gap-x-4 gap-y-1 text-muted">
              {edges
                .filter((edge) => edge.source === id)
                .map((edge) => (
                  <span
                    key={`${edge.source_port}${edge.target}`}
                    className="inline-flex items-center gap-1.5 whitespace-nowrap"
                  >
                    <ArrowRight className="size-3.5" aria-hidden />
                    {edge.source_port && edge.source_port !== "main" && (
                      <span className="font-mono text-xs">{edge.source_port}</span>
                    )}
                    {name(edge.target)}
                  </span>
                ))}
            </span>
          </Td>
        </tr>
      ))}
    </Table>
  );
}
