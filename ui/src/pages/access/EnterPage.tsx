import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptInvitation, showInvitation, signInWithLink } from "@/api/generated";
import { Button, buttonClasses } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Skeleton } from "@/components/Skeleton";
import { comeIn } from "./comeIn";
import { Frame } from "./Frame";
import { explain } from "./SignInPage";

/** Where one-time links lead. The code is after the #, so that no server and no log ever sees it in an address. */
export function EnterPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const router = useRouter();
  const [code] = useState(() => location.hash.slice(1));
  const entering = useQuery({
    queryKey: ["enter", code],
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { entered } = (await signInWithLink({ body: { code }, throwOnError: true })) as unknown as {
        entered: boolean;
      };
      if (entered) await comeIn(queries, router);
      return entered;
    },
  });
  if (entering.data === false) return <Join code={code} />;
  return (
    <Frame title={t("access.entering")}>
      {entering.isError ? (
        <div className="flex flex-col gap-4">
          <p role="alert" className="text-base">
            {explain(t, entering.error)}
          </p>
          <Link to="/sign-in" search={{ to: undefined }} className={buttonClasses("primary")}>
            {t("access.signIn")}
          </Link>
        </div>
      ) : (
        <Skeleton rows={2} />
      )}
    </Frame>
  );
}

function Join({ code }: { code: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const router = useRouter();
  const invited = useQuery({
    queryKey: ["invited", code],
    queryFn: async () =>
      (await showInvitation({ body: { code }, throwOnError: true })) as unknown as {
        email: string | null;
        name: string | null;
      },
  });
  const [name, setName] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const join = useMutation({
    mutationFn: () =>
      acceptInvitation({ body: { code, name: name ?? invited.data?.name ?? "", password }, throwOnError: true }),
    onSuccess: () => comeIn(queries, router),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate();
  };
  return (
    <Frame title={t("access.welcome")} note={invited.data?.email ?? undefined}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t("access.name")}
          autoComplete="name"
          required
          value={name ?? invited.data?.name ?? ""}
          onChange={(e) => setName(e.target.value)}
        />
        <TextField
          label={t("access.newPassword")}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          hint={t("access.passwordHint")}
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
        {join.isError && (
          <p role="alert" className="text-base text-bad">
            {explain(t, join.error)}
          </p>
        )}
        <Button type="submit" look="primary" busy={join.isPending}>
          {t("access.join")}
        </Button>
      </form>
    </Frame>
  );
}
