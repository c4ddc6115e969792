import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeUser, makeLink } from "@/api/generated";
import { type AccountRow, ROLES, type Role, usersQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { Menu, MenuItem } from "@/components/Menu";
import { Table, Td, Th } from "@/components/Table";
import { tell } from "@/components/toast";
import { ago } from "@/lib/format";
import { Invite } from "./Invite";
import { ShownOnce } from "./ShownOnce";

export function People() {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  return (
    <Card
      flush
      title={t("settings.parts.people")}
      note={t("settings.peopleNote")}
      action={
        <Button small look="primary" icon={<UserPlus aria-hidden />} onClick={() => setInviting(true)}>
          {t("settings.invite")}
        </Button>
      }
    >
      <Async query={users}>
        {(rows) => (
          <Table
            label={t("settings.parts.people")}
            head={
              <>
                <Th>{t("workflows.name")}</Th>
                <Th>{t("settings.role")}</Th>
                <Th>{t("runs.state")}</Th>
                <Th>{t("settings.lastSeen")}</Th>
                <Th />
              </>
            }
          >
            {rows.map((row) => (
              <Person key={row.id} row={row} onLink={setLink} />
            ))}
          </Table>
        )}
      </Async>
      {inviting && <Invite onClose={() => setInviting(false)} />}
      <ShownOnce
        title={t("settings.newLink")}
        note={t("settings.linkNote")}
        value={link}
        onClose={() => setLink(null)}
      />
    </Card>
  );
}

function Person({ row, onLink }: { row: AccountRow; onLink: (link: string) => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const failed = (error: unknown) => tell(asProblem(error).message, "bad");
  const change = useMutation({
    mutationFn: (body: { role?: Role; active?: boolean }) =>
      changeUser({ path: { user: row.id }, body, throwOnError: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
    onError: failed,
  });
  const link = useMutation({
    mutationFn: async () =>
      (await makeLink({ path: { user: row.id }, throwOnError: true })) as unknown as { link: string },
    onSuccess: (made) => onLink(made.link),
    onError: failed,
  });
  const mine = row.id === session.id;
  const locked = mine || (row.role === "owner" && session.role !== "owner");
  return (
    <tr className="hover:bg-hover">
      <Td className="min-w-48">
        <span className="font-medium">{row.name}</span>
        {mine && (
          <span className="ml-2">
            <Badge tone="accent">{t("settings.you")}</Badge>
          </span>
        )}
        <span className="block text-sm text-muted">{row.email ?? "–"}</span>
      </Td>
      <Td className="w-44">
        <SelectField
          label={t("settings.roleOf", { name: row.name })}
          hidden
          disabled={locked}
          value={row.role}
          onChange={(event) => change.mutate({ role: event.target.value as Role })}
        >
          {ROLES.filter((role) => role !== "owner" || session.role === "owner" || row.role === "owner").map((role) => (
            <option key={role} value={role}>
              {t(`settings.roles.${role}`)}
            </option>
          ))}
        </SelectField>
      </Td>
      <Td>
        <Badge tone={row.status === "active" ? "good" : row.status === "invited" ? "info" : "neutral"}>
          {t(`settings.status.${row.status}`, row.status)}
        </Badge>
      </Td>
      <Td className="whitespace-nowrap text-muted">{ago(row.signed_in_at)}</Td>
      <Td className="text-right">
        {!locked && (
          <Menu
            trigger={
              <Button
                small
                look="quiet"
                icon={<Ellipsis aria-hidden />}
                aria-label={t("settings.actionsFor", { name: row.name })}
              />
            }
          >
            <MenuItem onSelect={() => link.mutate()}>{t("settings.makeLink")}</MenuItem>
            <MenuItem
              danger={row.status !== "disabled"}
              onSelect={() => change.mutate({ active: row.status === "disabled" })}
            >
              {t(row.status === "disabled" ? "settings.enable" : "settings.disable")}
            </MenuItem>
          </Menu>
        )}
      </Td>
    </tr>
  );
}
