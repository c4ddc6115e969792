import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { peopleQuery, teamsQuery, usersByIdQuery } from "@/api/metrics";
import { About } from "@/components/About";
import { Async } from "@/components/Async";
import { buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Empty } from "@/components/Empty";
import { SelectField } from "@/components/Field";
import { Table, Td, Th } from "@/components/Table";
import { Tile } from "@/components/Tile";
import { number } from "@/lib/format";

/** What a team did in the period, over all workflows, and each member's hours. */
export function People({ team, days, choose }: { team?: string; days?: number; choose: (team?: string) => void }) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery);
  return (
    <Card
      title={
        <span className="flex items-center gap-1">
          {t("measure.people")}
          <About name={t("measure.people")}>{t("measure.about.people")}</About>
        </span>
      }
      note={t("measure.peopleNote")}
      action={
        !!teams.data?.length && (
          <SelectField
            label={t("measure.team")}
            hidden
            value={team ?? ""}
            onChange={(event) => choose(event.target.value || undefined)}
          >
            <option value="">{t("measure.chooseTeam")}</option>
            {teams.data.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        )
      }
    >
      <Async query={teams} rows={2}>
        {(found) =>
          found.length ? (
            team ? (
              <Figures team={team} days={days} />
            ) : (
              <p className="text-muted">{t("measure.chooseTeamNote")}</p>
            )
          ) : (
            <Empty
              icon={UsersRound}
              title={t("measure.noTeams")}
              action={
                <Link to="/records/$object" params={{ object: "Team" }} className={buttonClasses("plain")}>
                  {t("measure.makeTeam")}
                </Link>
              }
            >
              {t("measure.noTeamsNote")}
            </Empty>
          )
        }
      </Async>
    </Card>
  );
}

function Figures({ team, days }: { team: string; days?: number }) {
  const { t } = useTranslation();
  const query = useQuery(peopleQuery(team, days));
  const names = useQuery(usersByIdQuery).data ?? {};
  return (
    <Async query={query} rows={3}>
      {({ steps_done, efficiency, cost, hours_by_person }) => (
        <div className="grid gap-4 lg:grid-cols-2">
          <dl className="grid grid-cols-2 gap-3">
            <Tile label={t("measure.stepsDone")} value={number(steps_done)} />
            <Tile label={t("home.labour")} value={number(efficiency.labour_hours, 1)} />
            <Tile label={t("home.workPerLabour")} value={number(efficiency.value, 1)} />
            <Tile label={t("home.cost")} value={number(cost.actual_cost, 0)} />
          </dl>
          <Table
            label={t("measure.members")}
            head={
              <>
                <Th>{t("measure.member")}</Th>
                <Th numeric>{t("home.labour")}</Th>
              </>
            }
          >
            {Object.entries(hours_by_person)
              .sort(([, a], [, b]) => b - a)
              .map(([person, hours]) => (
                <tr key={person}>
                  <Td>{names[person] ?? person}</Td>
                  <Td numeric>{number(hours, 1)}</Td>
                </tr>
              ))}
          </Table>
        </div>
      )}
    </Async>
  );
}
