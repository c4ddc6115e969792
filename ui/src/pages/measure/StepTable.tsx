import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Metrics } from "@/api/metrics";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { Meter } from "@/components/Meter";
import { Table, Td, Th } from "@/components/Table";
import { number, percent } from "@/lib/format";
import type { RunSearch } from "@/router";

/** The figures of each step; the slowest is named, since that is where to begin. */
export function StepTable({ found, days }: { found: Metrics; days?: number }) {
  const { t } = useTranslation();
  const heads = ["done", "failed", "open", "timeUsed", "onTime", "labour", "workPerLabour", "cost"] as const;
  return (
    <Card flush title={t("home.steps")}>
      <Table
        label={t("home.steps")}
        head={
          <>
            <Th>{t("home.step")}</Th>
            {heads.map((head) => (
              <Th key={head} numeric>
                {head === "failed" ? t("runs.status.failed") : t(`home.${head}`)}
              </Th>
            ))}
          </>
        }
      >
        {Object.entries(found.steps).map(([node, step]) => (
          <tr key={node} className="hover:bg-hover">
            <Td className="min-w-48 font-medium">
              <span className="mr-2">{step.name}</span>
              {node === found.slowest && <Badge tone="warn">{t("home.slowest")}</Badge>}
            </Td>
            <Td numeric>{number(step.counts.ok)}</Td>
            <Td numeric>
              <Standing
                count={step.counts.failed}
                search={{ workflow: found.workflow, at: node, status: "failed", days }}
              />
            </Td>
            <Td numeric>
              <Standing count={step.counts.open} search={{ workflow: found.workflow, at: node, status: "waiting" }} />
            </Td>
            <Td numeric className="w-36">
              {percent(step.time_used.value)}
              {step.time_used.value !== null && (
                <Meter
                  share={step.time_used.value}
                  level={step.time_used.level}
                  label={percent(step.time_used.value)}
                />
              )}
            </Td>
            <Td numeric>{percent(step.time_used.on_time_rate, 1)}</Td>
            <Td numeric>{number(step.efficiency.labour_hours, 1)}</Td>
            <Td numeric>{number(step.efficiency.value, 1)}</Td>
            <Td numeric>{number(step.cost.actual_cost, 0)}</Td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

/** How many stand at a step, and the way to their runs. */
function Standing({ count = 0, search }: { count?: number; search: RunSearch }) {
  if (!count) return number(0);
  return (
    <Link to="/runs" search={search} className="text-accent-strong underline-offset-2 hover:underline">
      {number(count)}
    </Link>
  );
}
