/** The generated client as the pages use it: failures are thrown, changes carry the session's word. */
import { client } from "./generated/client.gen";
import { type Problem, ProblemError } from "./problem";

let csrf: string | null = null;
let onSignedOut: () => void = () => {};

export function setWord(word: string | null): void {
  csrf = word;
}

export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

client.setConfig({ baseUrl: "", credentials: "same-origin", throwOnError: true });

client.interceptors.request.use((request) => {
  if (csrf && !["GET", "HEAD"].includes(request.method)) request.headers.set("X-CSRF-Token", csrf);
  request.headers.set("Accept-Language", document.documentElement.lang);
  return request;
});

client.interceptors.error.use((error, response) => {
  if (response?.status === 401 && !response.url.includes("/api/sign-in")) onSignedOut();
  if (error && typeof error === "object" && "code" in error) return new ProblemError(error as Problem);
  return error;
});
