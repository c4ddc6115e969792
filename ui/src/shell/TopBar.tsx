import { useNavigate } from "@tanstack/react-router";
import { Footprints, Languages, LogOut, Menu as MenuIcon, Moon, Search, Sun, SunMoon, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSession, useSignOut } from "@/api/session";
import { Button } from "@/components/Button";
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine } from "@/components/Menu";
import { currentLanguage, LANGUAGES, type Language, setLanguage } from "@/i18n";
import { setTheme, type Theme, useTheme } from "@/theme/theme";
import { Bell } from "./Bell";
import { goToStep } from "./tourStore";

const THEMES: { name: Theme; icon: typeof Sun }[] = [
  { name: "light", icon: Sun },
  { name: "dark", icon: Moon },
  { name: "system", icon: SunMoon },
];

export function TopBar({ onMenu, onSearch }: { onMenu: () => void; onSearch: () => void }) {
  const { t } = useTranslation();
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 sm:px-5">
      <Button
        look="quiet"
        className="md:hidden"
        icon={<MenuIcon aria-hidden />}
        aria-label={t("shell.openNavigation")}
        onClick={onMenu}
      />
      <button
        type="button"
        onClick={onSearch}
        className="flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-lg border border-line bg-page px-3 text-base text-muted transition-colors hover:border-line-strong sm:max-w-md"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="truncate">{t("shell.search")}</span>
        <kbd className="ml-auto hidden rounded border border-line bg-surface px-1.5 font-sans text-xs sm:block">
          Ctrl K
        </kbd>
      </button>
      <div className="ml-auto flex items-center gap-1">
        <Bell />
        <LanguageMenu />
        <ThemeMenu />
        <AccountMenu />
      </div>
    </header>
  );
}

export function LanguageMenu() {
  const { t } = useTranslation();
  return (
    <Menu trigger={<Button look="quiet" icon={<Languages aria-hidden />} aria-label={t("shell.language")} />}>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <MenuCheck key={language} checked={currentLanguage() === language} onChange={() => void setLanguage(language)}>
          <span lang={language}>{LANGUAGES[language]}</span>
        </MenuCheck>
      ))}
    </Menu>
  );
}

export function ThemeMenu() {
  const { t } = useTranslation();
  const theme = useTheme();
  const Icon = THEMES.find((each) => each.name === theme)?.icon ?? SunMoon;
  return (
    <Menu trigger={<Button look="quiet" icon={<Icon aria-hidden />} aria-label={t("shell.theme")} />}>
      {THEMES.map((each) => (
        <MenuCheck key={each.name} checked={theme === each.name} onChange={() => setTheme(each.name)}>
          {t(`shell.themes.${each.name}`)}
        </MenuCheck>
      ))}
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const leave = useSignOut();
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="ml-1 grid size-8 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-strong hover:opacity-85"
        >
          <span aria-hidden>{initials(session.name)}</span>
          <span className="sr-only">{t("shell.account", { name: session.name })}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block text-base font-medium text-ink">{session.name}</span>
        <span className="block font-normal">{session.email ?? t(`settings.roles.${session.role}`)}</span>
      </MenuLabel>
      <MenuLine />
      <MenuItem icon={UserRound} onSelect={() => void navigate({ to: "/settings/$part", params: { part: "profile" } })}>
        {t("shell.profile")}
      </MenuItem>
      <MenuItem
        icon={Footprints}
        onSelect={() => {
          goToStep(0);
          void navigate({ to: "/" });
        }}
      >
        {t("tour.again")}
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={() => leave.mutate()}>
        {t("shell.signOut")}
      </MenuItem>
    </Menu>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters =
    words.length > 1 ? `${words[0]?.[0] ?? ""}${words.at(-1)?.[0] ?? ""}` : name.slice(0, /[一-鿿]/.test(name) ? 1 : 2);
  return letters.toUpperCase();
}
