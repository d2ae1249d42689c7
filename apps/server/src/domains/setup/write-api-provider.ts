import { type ApiProvider, saveProvider } from "../gateway/index.ts";
import type { Writing } from "./apply-setup.ts";

type Values = Omit<ApiProvider, "id" | "tenantId" | "key" | "pathRules" | "defaultBody"> & {
  paths: string[];
  body: Record<string, unknown>;
  headersSecret: string;
  secret?: string;
};

export async function writeApiProvider({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const { paths, body, headersSecret, secret, ...values } = change.values as Values;
  await saveProvider(
    tx,
    deps,
    { ...values, tenantId, key: change.key, pathRules: paths, defaultBody: body },
    { headers: JSON.parse(headersSecret) as Record<string, string>, apiKey: secret },
  );
}
