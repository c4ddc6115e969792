import type { TaskForm as Form } from "@/api/tasks";
import { SelectField, TextField } from "@/components/Field";

/** The form of a task, made from its JSON Schema. */
export function TaskForm({
  form,
  answers,
  onChange,
}: {
  form: Form;
  answers: Record<string, unknown>;
  onChange: (answers: Record<string, unknown>) => void;
}) {
  return (
    <div className="mt-5 flex flex-col gap-4">
      {Object.entries(form.properties ?? {}).map(([name, field]) => {
        const set = (value: unknown) => {
          const { [name]: _, ...others } = answers;
          onChange(value === "" || value === undefined ? others : { ...others, [name]: value });
        };
        const numeric = field.type === "number" || field.type === "integer";
        const label = field.title ?? name;
        const required = form.required?.includes(name);
        if (field.type === "boolean") {
          return (
            <label key={name} className="flex items-center gap-2.5 text-base">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={answers[name] === true}
                onChange={(event) => set(event.target.checked)}
              />
              {label}
            </label>
          );
        }
        if (field.enum) {
          return (
            <SelectField
              key={name}
              label={label}
              required={required}
              hint={field.description}
              value={String(answers[name] ?? "")}
              onChange={(event) => set(event.target.value)}
            >
              <option value="">–</option>
              {field.enum.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </SelectField>
          );
        }
        return (
          <TextField
            key={name}
            label={label}
            required={required}
            hint={field.description}
            type={numeric ? "number" : "text"}
            step="any"
            value={String(answers[name] ?? "")}
            onChange={(event) =>
              set(numeric && event.target.value !== "" ? Number(event.target.value) : event.target.value)
            }
          />
        );
      })}
    </div>
  );
}
