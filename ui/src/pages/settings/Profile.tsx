import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { endSession, setPassword } from "@/api/generated";
import { sessionsQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { TextField } from "@/components/Field";
import { tell } from "@/components/toast";
import { ago } from "@/lib/format";

export function Profile() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title={session.has_password ? t("settings.password") : t("settings.firstPassword")}>
        {session.person ? <Password /> : <p className="text-muted">{t("settings.noAccount")}</p>}
      </Card>
      <Card title={t("settings.sessions")} note={t("settings.sessionsNote")}>
        <Sessions />
      </Card>
    </div>
  );
}

function Password() {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const [values, setValues] = useState({ email: session.email ?? "", current: "", next: "" });
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });
  const save = useMutation({
    mutationFn: () =>
      setPassword({
        body: { email: values.email, current: values.current || undefined, new: values.next },
        throwOnError: true,
      }),
    onSuccess: () => {
      tell(t("settings.passwordSet"));
      setValues({ ...values, current: "", next: "" });
      void queries.invalidateQueries({ queryKey: ["session"] });
      void queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label={t("access.email")}
        type="email"
        autoComplete="username"
        required
        value={values.email}
        onChange={set("email")}
      />
      {session.has_password && (
        <TextField
          label={t("settings.current")}
          type="password"
          autoComplete="current-password"
          required
          value={values.current}
          onChange={set("current")}
        />
      )}
      <TextField
        label={t("settings.new")}
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        hint={t("access.passwordHint")}
        value={values.next}
        onChange={set("next")}
      />
      {save.isError && (
        <p role="alert" className="text-base text-bad">
          {asProblem(save.error).message}
        </p>
      )}
      <Button type="submit" look="primary" className="self-start" busy={save.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (hash: string) => endSession({ path: { session_hash: hash }, throwOnError: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Async query={sessions} rows={2}>
      {(rows) => (
        <ul className="flex flex-col gap-3">
          {rows.map((row) => (
            <li key={row.hash} className="flex items-center gap-3">
              <span className="min-w-0 flex-1">
                <span className="block truncate" title={row.agent}>
                  {browser(row.agent)}
                </span>
                <span className="block text-sm text-muted">
                  {t("settings.seen", { time: ago(row.seen_at), address: row.address })}
                </span>
              </span>
              {row.current ? (
                <Badge tone="good">{t("settings.thisOne")}</Badge>
              ) : (
                <Button small onClick={() => end.mutate(row.hash)}>
                  {t("shell.signOut")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Async>
  );
}

/** The browser and system that a user agent names, in a few words. */
function browser(agent: string): string {
  const name = /(Edg|Firefox|HeadlessChrome|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent);
  return [name && `${name[1]} ${name[2]}`, system?.[1]].filter(Boolean).join(" · ") || agent || "–";
}
