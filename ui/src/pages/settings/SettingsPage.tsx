import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { Page } from "@/components/Page";
import { Audit } from "./Audit";
import { Objects } from "./Objects";
import { People } from "./People";
import { Profile } from "./Profile";
import { Tokens } from "./Tokens";

const route = getRouteApi("/inside/settings/$part");
const PARTS = [
  { name: "profile", needs: "session:read", show: Profile },
  { name: "people", needs: "user:read", show: People },
  { name: "objects", needs: "schema:update", show: Objects },
  { name: "tokens", needs: "token:read", show: Tokens },
  { name: "audit", needs: "audit:read", show: Audit },
];

export function SettingsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { part } = route.useParams();
  const allowed = PARTS.filter((each) => may(each.needs));
  const chosen = allowed.find((each) => each.name === part) ?? allowed[0];
  return (
    <Page title={t("settings.title")}>
      <nav aria-label={t("settings.title")} className="-mt-1 flex gap-1 overflow-x-auto border-b border-line">
        {allowed.map((each) => (
          <Link
            key={each.name}
            to="/settings/$part"
            params={{ part: each.name }}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-base whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            activeProps={{ "aria-current": "page" }}
          >
            {t(`settings.parts.${each.name}`)}
          </Link>
        ))}
      </nav>
      {chosen && <chosen.show />}
    </Page>
  );
}
