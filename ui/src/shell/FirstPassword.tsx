import { Link, useLocation } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { buttonClasses } from "@/components/Button";
import { useStep } from "./tourStore";

/** Reminds somebody who came by the first link that nothing but that link lets them in again. */
export function FirstPassword() {
  const { t } = useTranslation();
  const session = useSession();
  const settings = useLocation({ select: (location) => location.pathname.startsWith("/settings") });
  const touring = useStep() !== null; // one thing at a time
  if (!session.person || session.has_password || settings || touring) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line bg-info-soft px-4 py-2 text-base sm:px-7">
      <KeyRound className="size-4 text-info" aria-hidden />
      <p className="min-w-0 flex-1">{t("shell.firstPassword")}</p>
      <Link to="/settings/$part" params={{ part: "profile" }} className={buttonClasses("plain", true)}>
        {t("shell.setPassword")}
      </Link>
    </div>
  );
}
