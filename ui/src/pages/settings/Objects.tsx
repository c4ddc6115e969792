import { Plus, Table2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectSchema, useNames, useObjects } from "@/api/objects";
import { useMay } from "@/api/session";
import { Async } from "@/components/Async";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { FieldTable } from "./FieldTable";
import { NewField } from "./NewField";
import { NewObject } from "./NewObject";

/** The kinds of records and their fields; custom ones are added here. */
export function Objects() {
  const objects = useObjects();
  return <Async query={objects}>{(all) => <Editor all={all} />}</Async>;
}

function Editor({ all }: { all: ObjectSchema[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const may = useMay();
  const [name, setName] = useState(all.find((each) => each.custom)?.name ?? "Lead");
  const [making, setMaking] = useState<"object" | "field" | null>(null);
  const object = all.find((each) => each.name === name) ?? all[0];
  if (!object) return null;
  const title = (each: ObjectSchema) => (each.custom ? `${names.plural(each)} *` : names.plural(each));
  return (
    <>
      <Card>
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-64 max-w-full">
            <SelectField
              label={t("settings.object")}
              hint={t("settings.customMark")}
              value={object.name}
              onChange={(event) => setName(event.target.value)}
            >
              {all.map((each) => (
                <option key={each.name} value={each.name}>
                  {title(each)}
                </option>
              ))}
            </SelectField>
          </div>
          {may("schema:create") && (
            <Button className="sm:mb-6" icon={<Table2 aria-hidden />} onClick={() => setMaking("object")}>
              {t("settings.newObject")}
            </Button>
          )}
        </div>
      </Card>
      <Card
        flush
        title={t("settings.fieldsOf", { objects: names.plural(object) })}
        note={<span className="font-mono">{object.name}</span>}
        action={
          <>
            {object.custom && <Badge tone="accent">{t("settings.custom")}</Badge>}
            {may("schema:update") && (
              <Button small look="primary" icon={<Plus aria-hidden />} onClick={() => setMaking("field")}>
                {t("settings.newField")}
              </Button>
            )}
          </>
        }
      >
        <FieldTable object={object} all={all} />
      </Card>
      {making === "object" && (
        <NewObject
          onClose={() => setMaking(null)}
          onMade={(made) => {
            setName(made);
            setMaking(null);
          }}
        />
      )}
      {making === "field" && <NewField object={object} all={all} onClose={() => setMaking(null)} />}
    </>
  );
}
