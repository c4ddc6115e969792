/** The addresses of the application. Each page is a chunk of its own, loaded when it is first visited. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { asFilters, type Filter } from "./api/filters";
import { sessionQuery } from "./api/session";
import { Failure } from "./components/Failure";
import { Skeleton } from "./components/Skeleton";
import { NotFound } from "./shell/NotFound";
import { Shell } from "./shell/Shell";

interface Context {
  queries: QueryClient;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const amount = (value: unknown) => (Number(value) > 0 ? Number(value) : undefined);

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>) => ({ to: typeof search.to === "string" ? search.to : undefined }),
  component: lazyRouteComponent(() => import("./pages/access/SignInPage"), "SignInPage"),
});

const enter = createRoute({
  getParentRoute: () => root,
  path: "/enter",
  component: lazyRouteComponent(() => import("./pages/access/EnterPage"), "EnterPage"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (!session)
      throw redirect({ to: "/sign-in", search: { to: location.pathname === "/" ? undefined : location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/HomePage"), "HomePage"),
});

const measure = createRoute({
  getParentRoute: () => inside,
  path: "/measure/$workflow",
  validateSearch: (search: Record<string, unknown>): { days?: number; team?: string } => ({
    days: amount(search.days),
    team: text(search.team),
  }),
  component: lazyRouteComponent(() => import("./pages/measure/MeasurePage"), "MeasurePage"),
});

const tasks = createRoute({
  getParentRoute: () => inside,
  path: "/tasks",
  validateSearch: (search: Record<string, unknown>): { who?: "all"; task?: string } => ({
    who: search.who === "all" ? ("all" as const) : undefined,
    task: typeof search.task === "string" ? search.task : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/tasks/TasksPage"), "TasksPage"),
});

export interface RecordSearch {
  q?: string;
  filters?: Filter[];
  match?: "any";
  order?: string;
  columns?: string;
  board?: string;
  view?: string;
}

const records = createRoute({
  getParentRoute: () => inside,
  path: "/records/$object",
  validateSearch: (search: Record<string, unknown>): RecordSearch => {
    const filters = asFilters(search.filters);
    return {
      q: text(search.q),
      filters: filters.length ? filters : undefined,
      match: search.match === "any" ? "any" : undefined,
      order: text(search.order),
      columns: text(search.columns),
      board: text(search.board),
      view: text(search.view),
    };
  },
  component: lazyRouteComponent(() => import("./pages/records/RecordsPage"), "RecordsPage"),
});

const importing = createRoute({
  getParentRoute: () => inside,
  path: "/records/$object/import",
  component: lazyRouteComponent(() => import("./pages/records/ImportPage"), "ImportPage"),
});

const record = createRoute({
  getParentRoute: () => inside,
  path: "/records/$object/$record",
  component: lazyRouteComponent(() => import("./pages/records/RecordPage"), "RecordPage"),
});

export interface RunSearch {
  workflow?: string;
  status?: string;
  record?: string;
  days?: number;
  day?: string; // began on this day of the reader's calendar
  least?: number; // took (so far, when open) so many seconds or more
  under?: number; // and less than so many
  at?: string; // the node where it waits or failed
}

const runs = createRoute({
  getParentRoute: () => inside,
  path: "/runs",
  validateSearch: (search: Record<string, unknown>): RunSearch => ({
    workflow: typeof search.workflow === "string" ? search.workflow : undefined,
    status: typeof search.status === "string" ? search.status : undefined,
    record: typeof search.record === "string" ? search.record : undefined,
    days: amount(search.days),
    day: typeof search.day === "string" && !Number.isNaN(Date.parse(search.day)) ? search.day : undefined,
    least: amount(search.least),
    under: amount(search.under),
    at: text(search.at),
  }),
  component: lazyRouteComponent(() => import("./pages/runs/RunsPage"), "RunsPage"),
});

const run = createRoute({
  getParentRoute: () => inside,
  path: "/runs/$run",
  component: lazyRouteComponent(() => import("./pages/runs/RunPage"), "RunPage"),
});

const workflows = createRoute({
  getParentRoute: () => inside,
  path: "/workflows",
  component: lazyRouteComponent(() => import("./pages/workflows/WorkflowsPage"), "WorkflowsPage"),
});

const workflow = createRoute({
  getParentRoute: () => inside,
  path: "/workflows/$workflow",
  component: lazyRouteComponent(() => import("./pages/workflows/WorkflowPage"), "WorkflowPage"),
});

const design = createRoute({
  getParentRoute: () => inside,
  path: "/workflows/$workflow/design",
  validateSearch: (search: Record<string, unknown>): { counts?: string } => ({
    counts: typeof search.counts === "string" || typeof search.counts === "number" ? String(search.counts) : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/designer/DesignerPage"), "DesignerPage"),
});

const templates = createRoute({
  getParentRoute: () => inside,
  path: "/templates",
  component: lazyRouteComponent(() => import("./pages/templates/TemplatesPage"), "TemplatesPage"),
});

const template = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template",
  component: lazyRouteComponent(() => import("./pages/templates/PreviewPage"), "PreviewPage"),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings/$part",
  component: lazyRouteComponent(() => import("./pages/settings/SettingsPage"), "SettingsPage"),
});

const tree = root.addChildren([
  signIn,
  enter,
  inside.addChildren([
    home,
    measure,
    tasks,
    records,
    importing,
    record,
    runs,
    run,
    workflows,
    workflow,
    design,
    templates,
    template,
    settings,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/app",
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: () => <Skeleton />,
    defaultPendingMs: 150,
    defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
