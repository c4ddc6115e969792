import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type FieldSchema, useObjects } from "@/api/objects";
import { nameOf } from "@/api/records";
import { referenceQuery } from "@/api/references";
import { Badge } from "@/components/Badge";
import { dateTime, day, number } from "@/lib/format";

/** A value as its field's type is best read. */
export function Value({ field, value }: { field: FieldSchema; value: unknown }) {
  const { t } = useTranslation();
  if (value === null || value === undefined || value === "") return <span className="text-muted">–</span>;
  switch (field.type) {
    case "number":
    case "integer":
      return <span className="numeric">{number(value as number)}</span>;
    case "money":
      return <span className="numeric">{number(value as number)}</span>;
    case "date":
      return <span className="whitespace-nowrap">{day(value as string)}</span>;
    case "datetime":
      return <span className="whitespace-nowrap">{dateTime(value as string)}</span>;
    case "checkbox":
      return value ? (
        <Check className="size-4 text-good" aria-label={t("common.yes")} />
      ) : (
        <span className="text-muted">{t("common.no")}</span>
      );
    case "choice":
      return <Badge>{String(value)}</Badge>;
    case "multi_choice":
      return (
        <span className="flex flex-wrap gap-1">
          {(value as string[]).map((each) => (
            <Badge key={each}>{each}</Badge>
          ))}
        </span>
      );
    case "reference":
      return <Reference object={field.reference ?? ""} id={String(value)} />;
    case "email":
      return (
        <a href={`mailto:${String(value)}`} className="underline-offset-2 hover:underline">
          {String(value)}
        </a>
      );
    case "json":
      return <code className="font-mono text-sm">{JSON.stringify(value)}</code>;
    default:
      return <>{String(value)}</>;
  }
}

/** The record that is pointed at, by its name. */
function Reference({ object, id }: { object: string; id: string }) {
  return (
    <Link to="/records/$object/$record" params={{ object, record: id }} className="underline-offset-2 hover:underline">
      <RecordName object={object} id={id} />
    </Link>
  );
}

export function RecordName({ object, id }: { object: string; id: string }) {
  const schema = useObjects().data?.find((each) => each.name === object);
  const record = useQuery(referenceQuery(object, id));
  if (!record.data) return <span className="text-muted">…</span>;
  return <>{nameOf(schema, record.data)}</>;
}

export function isNumeric(field: FieldSchema): boolean {
  return ["number", "integer", "money"].includes(field.type ?? "text");
}
