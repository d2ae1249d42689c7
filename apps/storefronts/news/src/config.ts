export type Config = {
  apiOrigin: string;
  /** Null where the demonstration is older than its login service. */
  clientId: string | null;
  siteUrl: string;
  paywalls: { news: string; weekend: string };
  passSku: string;
};

let loading: Promise<Config> | undefined;

/** What the server says about itself; asked once per page, and again after a failure. */
export function loadConfig(): Promise<Config> {
  loading ??= fetch("./config.json", { credentials: "same-origin" })
    .then((response) => {
      if (!response.ok) throw new Error(`config.json: ${response.status}`);
      return response.json() as Promise<Config>;
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}
