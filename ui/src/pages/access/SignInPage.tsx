import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { signInWithPassword } from "@/api/generated";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { comeIn } from "./comeIn";
import { Frame } from "./Frame";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const router = useRouter();
  const { to } = route.useSearch();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => signInWithPassword({ body: { email, password }, throwOnError: true }),
    onSuccess: () => comeIn(queries, router, to),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <Frame title={t("access.signIn")} note={t("access.signInNote")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("access.email")}
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(e) => setEmail(e.target.value)}
        />
        <TextField
          label={t("access.password")}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
        {enter.isError && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-base text-bad">
            {explain(t, enter.error)}
          </p>
        )}
        <Button type="submit" look="primary" busy={enter.isPending}>
          {t("access.signIn")}
        </Button>
      </form>
      <p className="mt-5 border-t border-line pt-4 text-sm text-muted">{t("access.noPassword")}</p>
    </Frame>
  );
}

export function explain(t: TFunction, error: unknown): string {
  const problem = asProblem(error);
  const known = ["auth.wrong", "auth.slow_down", "auth.link", "auth.short_password", "network"];
  return known.includes(problem.code)
    ? t(`access.errors.${problem.code.replace(".", "_")}`, problem.params ?? {})
    : problem.message;
}
