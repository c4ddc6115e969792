import { Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Filter, isWhole, type Match, operatorsOf, takesList, takesTwo, takesValue } from "@/api/filters";
import { type FieldSchema, type ObjectSchema, useNames } from "@/api/objects";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { FieldInput, Several } from "./FieldInput";
import { operatorName } from "./filterWords";

/** Conditions, one below the other. Each is asked as soon as it says enough; `onChange` makes it part of the address. */
export function FilterPanel({
  object,
  filters,
  match,
  onChange,
}: {
  object: ObjectSchema;
  filters: Filter[];
  match: Match;
  onChange: (filters: Filter[], match: Match) => void;
}) {
  const { t } = useTranslation();
  const [rows, setRows] = useDraft(filters, (whole) => onChange(whole, match));
  const put = (place: number, filter: Filter | null) =>
    setRows(rows.flatMap((each, at) => (at !== place ? [each] : filter ? [filter] : [])));
  const first = object.fields.find((field) => field.type === "choice") ?? object.fields[0];
  const add = () => first && setRows([...rows, { field: first.name, operator: operatorsOf(first)[0] ?? "==" }]);
  return (
    <Card>
      <div role="group" aria-label={t("records.filter")} className="flex flex-col gap-2.5">
        {rows.length > 1 && (
          <div className="w-56 max-w-full">
            <SelectField
              label={t("records.match")}
              hidden
              value={match}
              onChange={(event) => onChange(filters, event.target.value as Match)}
            >
              <option value="all">{t("records.matchAll")}</option>
              <option value="any">{t("records.matchAny")}</option>
            </SelectField>
          </div>
        )}
        {!rows.length && <p className="text-base text-muted">{t("records.noFilters")}</p>}
        {rows.map((filter, place) => (
          <Row
            key={place}
            object={object}
            filter={filter}
            fresh={place === rows.length - 1 && !isWhole(filter)}
            onChange={(next) => put(place, next)}
          />
        ))}
        <div className="flex gap-2">
          <Button small icon={<Plus aria-hidden />} onClick={add}>
            {t("records.addCondition")}
          </Button>
          {rows.length > 0 && (
            <Button
              small
              look="quiet"
              onClick={() => {
                setRows([]);
                onChange([], "all");
              }}
            >
              {t("records.clearFilter")}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

const PAUSE = 350;

/** The conditions as they are being written. Those that say enough are told after a pause; other ones come by Back. */
function useDraft(filters: Filter[], tell: (whole: Filter[]) => void): [Filter[], (rows: Filter[]) => void] {
  const [rows, setRows] = useState(filters);
  const given = JSON.stringify(filters);
  const [known, setKnown] = useState(given); // what was last given or told
  if (given !== known) {
    setKnown(given);
    if (given !== JSON.stringify(rows.filter(isWhole))) setRows(filters);
  }
  const whole = JSON.stringify(rows.filter(isWhole));
  useEffect(() => {
    if (whole === given) return;
    const later = setTimeout(() => {
      setKnown(whole);
      tell(JSON.parse(whole));
    }, PAUSE);
    return () => clearTimeout(later);
  });
  return [rows, setRows];
}

function Row({
  object,
  filter,
  fresh,
  onChange,
}: {
  object: ObjectSchema;
  filter: Filter;
  fresh: boolean;
  onChange: (filter: Filter | null) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const field = object.fields.find((each) => each.name === filter.field);
  const choices = object.fields
    .filter((each) => each.name !== "deletedAt")
    .sort((one, other) => names.field(one).localeCompare(names.field(other)));
  const take = (name: string) => {
    const next = object.fields.find((each) => each.name === name);
    if (next) onChange({ field: name, operator: operatorsOf(next)[0] ?? "==", value: undefined });
  };
  const operate = (operator: string) => {
    const same = takesList(operator) === takesList(filter.operator) && takesTwo(operator) === takesTwo(filter.operator);
    onChange({ ...filter, operator, value: same && takesValue(operator) ? filter.value : undefined });
  };
  return (
    <div className="flex flex-wrap items-start gap-2">
      <div className="w-52 max-w-full min-w-28 flex-1 sm:flex-none">
        <SelectField
          label={t("records.field")}
          hidden
          autoFocus={fresh}
          value={filter.field}
          onChange={(event) => take(event.target.value)}
        >
          {!field && <option>{filter.field}</option>}
          {choices.map((each) => (
            <option key={each.name} value={each.name}>
              {names.field(each)}
            </option>
          ))}
        </SelectField>
      </div>
      {field && (
        <>
          <div className="w-40 max-w-full min-w-24 flex-1 sm:flex-none">
            <SelectField
              label={t("records.operator")}
              hidden
              value={filter.operator}
              onChange={(event) => operate(event.target.value)}
            >
              {operatorsOf(field).map((each) => (
                <option key={each} value={each}>
                  {operatorName(t, field, each)}
                </option>
              ))}
            </SelectField>
          </div>
          {takesValue(filter.operator) && (
            <div className="order-last min-w-52 flex-1 basis-full sm:order-none sm:basis-0">
              <Wanted field={field} filter={filter} onChange={(value) => onChange({ ...filter, value })} />
            </div>
          )}
        </>
      )}
      <Button
        look="quiet"
        className="ml-auto"
        icon={<X aria-hidden />}
        aria-label={t("records.removeCondition", { field: field ? names.field(field) : filter.field })}
        onClick={() => onChange(null)}
      />
    </div>
  );
}

function Wanted({
  field,
  filter,
  onChange,
}: {
  field: FieldSchema;
  filter: Filter;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const label = t("records.value");
  if (takesList(filter.operator))
    return <Several hidden label={label} field={field} value={filter.value} onChange={onChange} />;
  if (takesTwo(filter.operator)) {
    const [from, to] = Array.isArray(filter.value) ? filter.value : [null, null];
    return (
      <div className="flex items-center gap-2">
        <FieldInput
          hidden
          label={t("records.from")}
          field={field}
          value={from}
          onChange={(low) => onChange([low, to])}
        />
        <FieldInput
          hidden
          label={t("records.to")}
          field={field}
          value={to}
          onChange={(high) => onChange([from, high])}
        />
      </div>
    );
  }
  const one = field.type === "multi_choice" ? { ...field, type: "choice" as const } : field;
  const plain = field.type === "long_text" ? { ...field, type: "text" as const } : one;
  return <FieldInput hidden label={label} field={plain} value={filter.value} onChange={onChange} />;
}
