import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Imported } from "@/api/imports";
import { type ObjectSchema, useNames } from "@/api/objects";
import { Button, buttonClasses } from "@/components/Button";
import { Card } from "@/components/Card";
import { Table, Td, Th } from "@/components/Table";
import { csvOf, download } from "@/lib/csv";
import { number } from "@/lib/format";

/** What became of the rows (or would, in a trial), and every row that was left out with its reason. */
export function Outcome({
  outcome,
  trial,
  header,
  object,
}: {
  outcome: Imported;
  trial: boolean;
  header: string[];
  object: ObjectSchema;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const counts = {
    created: number(outcome.created),
    updated: number(outcome.updated),
    unchanged: number(outcome.unchanged),
    left: number(outcome.left_out),
  };
  const save = () => {
    const rows = outcome.refused.map((row) => [
      ...row.cells,
      String(row.line),
      row.errors.map((error) => String(error.message)).join("; "),
    ]);
    download(
      `${object.name.toLowerCase()}-left-out.csv`,
      csvOf([[...header, t("records.line"), t("records.reason")], ...rows]),
    );
  };
  return (
    <Card
      flush
      title={t(trial ? "records.trial" : "records.imported")}
      note={t("records.counts", counts)}
      action={
        <>
          {!!outcome.left_out && (
            <Button small icon={<Download aria-hidden />} onClick={save}>
              {t("records.leftOutFile")}
            </Button>
          )}
          {!trial && (
            <Link
              to="/records/$object"
              params={{ object: object.name }}
              search={{}}
              className={buttonClasses("primary", true)}
            >
              {t("records.showThem", { objects: names.plural(object) })}
            </Link>
          )}
        </>
      }
    >
      {outcome.refused.length ? (
        <Table
          label={t("records.leftOut")}
          head={
            <>
              <Th numeric>{t("records.line")}</Th>
              <Th>{t("records.column")}</Th>
              <Th>{t("records.reason")}</Th>
            </>
          }
        >
          {outcome.refused.slice(0, 50).flatMap((row) =>
            row.errors.map((error) => (
              <tr key={`${row.line}${String(error.column)}${String(error.code)}`}>
                <Td numeric className="text-muted">
                  {row.line}
                </Td>
                <Td>{String(error.column ?? "–")}</Td>
                <Td>{String(error.message)}</Td>
              </tr>
            )),
          )}
        </Table>
      ) : (
        <p className="px-4 pb-4 text-muted">{t("records.nothingLeftOut")}</p>
      )}
    </Card>
  );
}
