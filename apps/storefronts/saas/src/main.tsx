import { PaywallProvider } from "@tollgate/sdk-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles.css";

// Where the paywall lives. Your own app would simply write these two values down.
const config = await fetch("./config.json")
  .then((answer): Promise<{ apiOrigin: string; paywallId: string }> => answer.json())
  .catch(() => null);

createRoot(document.querySelector("#app")!).render(
  <StrictMode>
    {config ? (
      <PaywallProvider options={{ ...config, auth: true }}>
        <App />
      </PaywallProvider>
    ) : (
      // Without the server one can still write.
      <PaywallProvider instance={null}>
        <App offline />
      </PaywallProvider>
    )}
  </StrictMode>,
);
