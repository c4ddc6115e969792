import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { inviteUser } from "@/api/generated";
import { ROLES, type Role } from "@/api/people";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextField } from "@/components/Field";
import { ShownOnce } from "./ShownOnce";

export function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const invite = useMutation({
    mutationFn: async () =>
      (await inviteUser({ body: { email, role }, throwOnError: true })) as unknown as { link: string },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  if (invite.data)
    return (
      <ShownOnce
        title={t("settings.invited", { email })}
        note={t("settings.linkNote")}
        value={invite.data.link}
        onClose={onClose}
      />
    );
  return (
    <Dialog open onClose={onClose} title={t("settings.invite")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("access.email")}
          type="email"
          required
          data-first
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <SelectField
          label={t("settings.role")}
          hint={t(`settings.roleNotes.${role}`)}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {ROLES.filter((each) => each !== "owner" || session.role === "owner").map((each) => (
            <option key={each} value={each}>
              {t(`settings.roles.${each}`)}
            </option>
          ))}
        </SelectField>
        {invite.isError && (
          <p role="alert" className="text-base text-bad">
            {asProblem(invite.error).message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={invite.isPending}>
            {t("settings.makeInvitation")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
