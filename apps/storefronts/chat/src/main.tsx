import { PaywallProvider } from "@tollgate/sdk-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import type { Config } from "./models.ts";
import "./styles.css";

// Where the paywall lives and what its providers are called. Your own app would simply write these values down.
const config = await fetch("./config.json")
  .then((answer): Promise<Config> => answer.json())
  .catch(() => null);

createRoot(document.querySelector("#app")!).render(
  <StrictMode>
    {config?.providerId ? (
      <PaywallProvider options={{ apiOrigin: config.apiOrigin, paywallId: config.paywallId, auth: true }}>
        <App config={config} />
      </PaywallProvider>
    ) : (
      <main className="alone">
        <h1>Lumen AI is not here right now</h1>
        <p>The server did not answer, or its demonstration is older than this page.</p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </main>
    )}
  </StrictMode>,
);
