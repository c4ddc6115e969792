import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck, Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type BarRow, spreadQuery } from "@/api/metrics";
import { About } from "@/components/About";
import { Async } from "@/components/Async";
import { type BarOf, Bars } from "@/components/Bars";
import { buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { ImageButton } from "@/components/ImageButton";
import { number, span } from "@/lib/format";
import { saveBars } from "@/lib/png";
import type { RunSearch } from "@/router";

/** What completed runs took, and how old the open ones are: two sets of bars, each of which opens its runs. */
export function Spread({ workflow, name, days }: { workflow: string; name: string; days?: number }) {
  const { t } = useTranslation();
  const query = useQuery(spreadQuery(workflow, days));
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <Side
        of="took"
        icon={CheckCheck}
        title={t("measure.took")}
        note={days ? t("home.lastDays", { days }) : t("home.always")}
        name={name}
        search={{ workflow, status: "completed", days }}
        query={query}
      />
      <Side
        of="age"
        icon={Hourglass}
        title={t("measure.age")}
        note={t("measure.ageNote")}
        name={name}
        search={{ workflow, status: "waiting" }}
        query={query}
      />
    </div>
  );
}

function Side({
  of,
  icon,
  title,
  note,
  name,
  search,
  query,
}: {
  of: "took" | "age";
  icon: typeof CheckCheck;
  title: string;
  note: string;
  name: string;
  search: RunSearch;
  query: ReturnType<typeof useQuery<{ took: BarRow[]; age: BarRow[] }>>;
}) {
  const { t } = useTranslation();
  const bars = barsOf(query.data?.[of] ?? [], search, t);
  const save = () =>
    saveBars(
      `${name} ${title}`,
      `${name} · ${title} · ${note}`,
      bars.map((bar) => [bar.name, bar.value, number(bar.value)]),
    );
  return (
    <Card
      title={
        <span className="flex items-center gap-1">
          {title}
          <About name={title}>{t(`measure.about.${of}`)}</About>
        </span>
      }
      note={note}
      action={!!bars.length && <ImageButton name={title} save={save} />}
    >
      <Async query={query} rows={5}>
        {() =>
          bars.length ? (
            <Bars bars={bars} label={title} open={(bar) => t("measure.openBar", { name: bar })} />
          ) : (
            <Empty
              icon={icon}
              title={t(`measure.none.${of}`)}
              action={
                <Link to="/runs" search={{ workflow: search.workflow }} className={buttonClasses("plain")}>
                  {t("home.showRuns")}
                </Link>
              }
            >
              {t(`measure.noneNote.${of}`)}
            </Empty>
          )
        }
      </Async>
    </Card>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

/** The bars from the first to the last that stand for a run; those in between stay, so that gaps are seen. */
export function barsOf(rows: BarRow[], search: RunSearch, t: Translate): BarOf[] {
  const first = rows.findIndex((row) => row.runs);
  const last = rows.findLastIndex((row) => row.runs);
  return first < 0
    ? []
    : rows.slice(first, last + 1).map(({ least, under, runs }) => ({
        name:
          under === null
            ? t("measure.least", { least: span(least) })
            : least
              ? t("measure.between", { least: span(least), under: span(under) })
              : t("measure.under", { under: span(under) }),
        value: runs,
        search: { ...search, least: least || undefined, under: under ?? undefined },
      }));
}
