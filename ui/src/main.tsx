import "./theme/index.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { whenSignedOut } from "./api/client";
import { asProblem } from "./api/problem";
import { Toasts } from "./components/Toasts";
import { startTexts } from "./i18n";
import { makeRouter } from "./router";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => asProblem(error).status === 0 && count < 2, // an answer is an answer
    },
  },
});
const router = makeRouter(queries);

whenSignedOut(() => {
  queries.setQueryData(["session"], null);
  void router.invalidate();
});

// A page that was open during an update asks for files of the former build: load the new one.
window.addEventListener("vite:preloadError", () => location.reload());

await startTexts();
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
