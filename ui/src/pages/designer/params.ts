/** What the controls of a node's parameters share. */
import type { FormField } from "@/canvas/form";

export interface ParamProps {
  field: FormField;
  value: unknown;
  objectName?: string;
  error?: string;
  onChange: (value: unknown) => void;
}

export function label(field: FormField): string {
  return field.required ? `${field.label} *` : field.label;
}
