import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { checkAudit } from "@/api/generated";
import { auditQuery, usersQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Table, Td, Th } from "@/components/Table";
import { tell } from "@/components/toast";
import { dateTime } from "@/lib/format";

export function Audit() {
  const { t } = useTranslation();
  const names = new Map((useQuery(usersQuery).data ?? []).map((row) => [row.id, row.name]));
  const entries = useInfiniteQuery(auditQuery);
  const check = useMutation({
    mutationFn: async () =>
      (await checkAudit({ throwOnError: true })) as unknown as { whole: boolean; first_broken: number | null },
    onSuccess: (found) =>
      tell(
        found.whole ? t("settings.chainWhole") : t("settings.chainBroken", { number: found.first_broken }),
        found.whole ? "good" : "bad",
      ),
    onError: (error) => tell(asProblem(error).message, "bad"),
  });
  return (
    <Card
      flush
      title={t("settings.parts.audit")}
      note={t("settings.auditNote")}
      action={
        <Button small icon={<ShieldCheck aria-hidden />} busy={check.isPending} onClick={() => check.mutate()}>
          {t("settings.checkChain")}
        </Button>
      }
    >
      <Async query={entries}>
        {(data) => (
          <>
            <Table
              label={t("settings.parts.audit")}
              head={
                <>
                  <Th numeric>#</Th>
                  <Th>{t("settings.when")}</Th>
                  <Th>{t("settings.who")}</Th>
                  <Th>{t("settings.what")}</Th>
                  <Th>{t("settings.where")}</Th>
                </>
              }
            >
              {data.pages.flat().map((row) => (
                <tr key={row.sequence} className="hover:bg-hover">
                  <Td numeric className="text-muted">
                    {row.sequence}
                  </Td>
                  <Td className="whitespace-nowrap text-muted">{dateTime(row.at)}</Td>
                  <Td className="whitespace-nowrap">{names.get(row.actor) ?? row.actor}</Td>
                  <Td className="font-mono text-sm">{row.action}</Td>
                  <Td className="max-w-md truncate font-mono text-sm text-muted">
                    {names.get(row.target) ?? row.target}
                  </Td>
                </tr>
              ))}
            </Table>
            {entries.hasNextPage && (
              <div className="border-t border-line p-3 text-center">
                <Button small busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
                  {t("common.loadMore")}
                </Button>
              </div>
            )}
          </>
        )}
      </Async>
    </Card>
  );
}
