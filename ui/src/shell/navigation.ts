/** The places of the application, as the sidebar and the palette list them. */
import {
  Activity,
  Building2,
  CheckSquare,
  Contact,
  Handshake,
  Home,
  LayoutTemplate,
  LifeBuoy,
  type LucideIcon,
  Megaphone,
  Settings,
  Sparkles,
  Table2,
  Workflow,
} from "lucide-react";

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  needs?: string;
}

export const WORK: Place[] = [
  { to: "/", label: "shell.home", icon: Home },
  { to: "/tasks", label: "shell.tasks", icon: CheckSquare, needs: "task:read" },
];

export const AUTOMATION: Place[] = [
  { to: "/workflows", label: "shell.workflows", icon: Workflow, needs: "workflow:read" },
  { to: "/runs", label: "shell.runs", icon: Activity, needs: "run:read" },
  { to: "/templates", label: "shell.templates", icon: LayoutTemplate, needs: "template:read" },
];

export const SETTINGS: Place = { to: "/settings/profile", label: "shell.settings", icon: Settings };

const OBJECT_ICONS: Record<string, LucideIcon> = {
  Lead: Sparkles,
  Account: Building2,
  Contact: Contact,
  Deal: Handshake,
  Case: LifeBuoy,
  Campaign: Megaphone,
};
export const MAIN_OBJECTS = Object.keys(OBJECT_ICONS);

export function objectIcon(name: string): LucideIcon {
  return OBJECT_ICONS[name] ?? Table2;
}
