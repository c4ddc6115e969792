/** What a failed request is answered with (RFC 9457, with a stable code and a hint). */
export interface Problem {
  status: number;
  code: string;
  message: string;
  hint?: string | null;
  params?: Record<string, unknown>;
  problems?: { code: string; message: string; field?: string | null; hint?: string | null }[];
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error && typeof error === "object" && "code" in error && "message" in error) return error as Problem;
  const offline = error instanceof TypeError; // what fetch throws when no answer comes
  return {
    status: 0,
    code: offline ? "network" : "unknown",
    message: error instanceof Error ? error.message : String(error),
  };
}
