import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteToken, makeToken } from "@/api/generated";
import { tokensQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { Async } from "@/components/Async";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { SelectField, TextField } from "@/components/Field";
import { Table, Td, Th } from "@/components/Table";
import { ago, day } from "@/lib/format";
import { ShownOnce } from "./ShownOnce";

export function Tokens() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const again = () => queries.invalidateQueries({ queryKey: ["tokens"] });
  const remove = useMutation({
    mutationFn: (token: string) => deleteToken({ path: { token }, throwOnError: true }),
    onSuccess: again,
  });
  return (
    <>
      <NewToken onMade={again} />
      <Card flush title={t("settings.parts.tokens")} note={t("settings.tokensNote")}>
        <Async query={tokens} rows={3}>
          {(rows) =>
            rows.length ? (
              <Table
                label={t("settings.parts.tokens")}
                head={
                  <>
                    <Th>{t("workflows.name")}</Th>
                    <Th>{t("settings.made")}</Th>
                    <Th>{t("settings.used")}</Th>
                    <Th>{t("settings.ends")}</Th>
                    <Th />
                  </>
                }
              >
                {rows.map((row) => (
                  <tr key={row.id} className="hover:bg-hover">
                    <Td className="font-medium">{row.name}</Td>
                    <Td className="text-muted">{ago(row.created_at)}</Td>
                    <Td className="text-muted">{ago(row.used_at)}</Td>
                    <Td className="text-muted">{row.expires_at ? day(row.expires_at) : t("settings.never")}</Td>
                    <Td className="text-right">
                      <Button small look="danger" onClick={() => remove.mutate(row.id)}>
                        {t("common.delete")}
                      </Button>
                    </Td>
                  </tr>
                ))}
              </Table>
            ) : (
              <Empty icon={KeyRound} title={t("settings.noTokens")}>
                {t("settings.noTokensNote")}
              </Empty>
            )
          }
        </Async>
      </Card>
    </>
  );
}

function NewToken({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const make = useMutation({
    mutationFn: async () =>
      (await makeToken({ body: { name, days: days ? Number(days) : null }, throwOnError: true })) as unknown as {
        token: string;
      },
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Card title={t("settings.newToken")}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="w-72 max-w-full">
          <TextField
            label={t("settings.tokenName")}
            required
            maxLength={100}
            placeholder={t("settings.tokenExample")}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="w-44">
          <SelectField label={t("settings.lasts")} value={days} onChange={(event) => setDays(event.target.value)}>
            {[30, 90, 365].map((each) => (
              <option key={each} value={each}>
                {t("settings.days", { count: each })}
              </option>
            ))}
            <option value="">{t("settings.never")}</option>
          </SelectField>
        </div>
        <Button type="submit" look="primary" busy={make.isPending}>
          {t("settings.makeToken")}
        </Button>
        {make.isError && (
          <p role="alert" className="w-full text-base text-bad">
            {asProblem(make.error).message}
          </p>
        )}
      </form>
      <ShownOnce
        title={t("settings.tokenMade", { name })}
        note={t("settings.tokenNote")}
        value={make.data?.token ?? null}
        onClose={() => {
          make.reset();
          setName("");
        }}
      />
    </Card>
  );
}
