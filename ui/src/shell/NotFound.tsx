import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClasses } from "@/components/Button";
import { Empty } from "@/components/Empty";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty
        icon={Compass}
        title={t("shell.notFound")}
        action={
          <Link to="/" className={buttonClasses("primary")}>
            {t("shell.toHome")}
          </Link>
        }
      >
        {t("shell.notFoundNote")}
      </Empty>
    </main>
  );
}
