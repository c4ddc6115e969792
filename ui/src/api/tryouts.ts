/** Trying a draft out: nothing leaves, and every step comes with its items. */
import type { Definition } from "./definition";
import type { TryoutAnswer } from "./generated";
import { tryOut } from "./generated";

export type { TryoutAnswer };

/** What it is tried on, with a name for people. */
export interface Source {
  label: string;
  object?: string;
  record?: string;
  run?: string;
  items?: Record<string, unknown>[];
}

export async function tried(
  definition: Definition,
  { label: _, ...source }: Source,
  to?: string,
): Promise<TryoutAnswer> {
  const body = { definition: definition as unknown as Record<string, unknown>, ...source, to };
  return (await tryOut({ body, throwOnError: true })) as unknown as TryoutAnswer;
}
