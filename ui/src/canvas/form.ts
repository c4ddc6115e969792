/** From the JSON Schema of a node type's parameters to the fields of its form. */

export type Schema = Record<string, unknown>;

export type FieldKind =
  | "object" // name of a CRM object
  | "field" // name of a field of that object
  | "values" // values by field name
  | "condition"
  | "text"
  | "number"
  | "boolean"
  | "choice"
  | "choices" // several of a list
  | "duration"
  | "texts" // a list of texts
  | "list" // a list of small forms
  | "code"
  | "json"; // whatever else there is: written as JSON

export type FormField = {
  name: string;
  label: string;
  help: string;
  kind: FieldKind;
  required: boolean;
  expression: boolean; // `{{ }}` may stand here
  nullable: boolean; // may be left empty
  initial: unknown; // what holds when nothing is written
  options: string[];
  language?: string;
  item?: FormField[];
};

const DURATION_HINT = "15 min";

/** The fields in the order of the schema; those that must be filled first. */
export function formOf(schema: Schema): FormField[] {
  const definitions = asSchema(schema.$defs);
  const required = new Set(asList(schema.required));
  const properties = Object.entries(asSchema(schema.properties)) as [string, Schema][];
  const names = new Set(properties.map(([name]) => name));
  const fields = properties.map(([name, property]) => field(name, property, required.has(name), names, definitions));
  return [...fields.filter((each) => each.required), ...fields.filter((each) => !each.required)];
}

function field(
  name: string,
  property: Schema,
  required: boolean,
  siblings: Set<string>,
  definitions: Schema,
): FormField {
  const flat = flattened(property, definitions);
  const kind = kindOf(name, property, flat, siblings);
  const made: FormField = {
    name,
    label: labelOf(name),
    help: typeof property.description === "string" ? property.description : "",
    kind,
    required,
    expression: kind !== "condition" && flat.some((each) => each["x-expression"] === true),
    nullable: flat.some((each) => each.type === "null"),
    initial: property.default,
    options: optionsOf(flat, definitions),
  };
  const code = flat.find((each) => "x-code" in each);
  if (code) made.language = String(code["x-code"]);
  const item = itemsOf(flat, definitions);
  if (kind === "list" && item) made.item = formOf({ ...item, $defs: definitions });
  return made;
}

function kindOf(name: string, property: Schema, flat: Schema[], siblings: Set<string>): FieldKind {
  const types = new Set(flat.map((each) => each.type));
  const text = types.has("string");
  if (flat.some((each) => "x-code" in each)) return "code";
  if (flat.some((each) => each["x-condition"] === true)) return "condition";
  if (name === "object" && text) return "object";
  if (name === "field" && text && siblings.has("object")) return "field";
  if (name === "fields" && types.has("object")) return "values";
  if (flat.some((each) => Array.isArray(each.enum) && each.type !== "array")) return "choice";
  if (types.has("array") && flat.some((each) => Array.isArray(asSchema(each.items).enum))) return "choices";
  if (isDuration(property, flat, types)) return "duration";
  const others = [...types].filter((type) => type !== "null" && type !== undefined);
  if (others.length === 1 && text) return "text";
  if (others.length === 1 && (types.has("integer") || types.has("number"))) return "number";
  if (others.length === 1 && types.has("boolean")) return "boolean";
  if (types.has("array")) return arrayKind(flat);
  if (!others.length && flat.some((each) => each["x-expression"] === true)) return "text";
  return "json";
}

function arrayKind(flat: Schema[]): FieldKind {
  const items = flat.filter((each) => each.type === "array").map((each) => asSchema(each.items));
  if (items.some((each) => "$ref" in each)) return "list";
  if (items.some((each) => each.type === "string")) return "texts";
  return "json";
}

function isDuration(property: Schema, flat: Schema[], types: Set<unknown>): boolean {
  if (!types.has("number") || !types.has("string")) return false;
  const texts = [property, ...flat, ...asObjects(property.anyOf)].map((each) => String(each.description ?? ""));
  return texts.some((each) => each.includes(DURATION_HINT)) || property.ge === 0;
}

/** The alternatives of a property, nested `anyOf` and references to values laid open. */
function flattened(property: Schema, definitions: Schema): Schema[] {
  const { anyOf, ...own } = property;
  if (Array.isArray(anyOf)) {
    const marks = Object.fromEntries(Object.entries(own).filter(([key]) => key.startsWith("x-")));
    return anyOf.flatMap((each) => flattened({ ...(each as Schema), ...marks }, definitions));
  }
  const target = typeof property.$ref === "string" ? asSchema(definitions[refName(property.$ref)]) : null;
  return target && !("properties" in target)
    ? flattened({ ...target, ...own, $ref: undefined }, definitions)
    : [property];
}

function itemsOf(flat: Schema[], definitions: Schema): Schema | null {
  for (const each of flat) {
    const reference = asSchema(each.items).$ref;
    if (typeof reference === "string") return asSchema(definitions[refName(reference)]);
  }
  return null;
}

function optionsOf(flat: Schema[], definitions: Schema): string[] {
  const listed = flat.flatMap((each) => asList(each.enum).concat(each.const === undefined ? [] : [each.const]));
  const inside = flat.flatMap((each) => {
    const items = asSchema(each.items);
    const target = typeof items.$ref === "string" ? asSchema(definitions[refName(items.$ref)]) : items;
    return asList(target.enum);
  });
  return [...new Set([...listed, ...inside].map(String))];
}

function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const refName = (reference: string): string => reference.split("/").pop() ?? "";
const asSchema = (value: unknown): Schema =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Schema) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asObjects = (value: unknown): Schema[] => asList(value).map(asSchema);
