import { saveContentSource } from "../content/index.ts";
import type { Writing } from "./apply-setup.ts";

export async function writeContentSource({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const v = change.values as {
    kind: "sitemap" | "feed";
    url: string;
    section: string | null;
    everyMinutes: number;
    state: "active" | "disabled";
  };
  const { kind, url, section, everyMinutes, state } = v;
  await saveContentSource(tx, deps, { tenantId, key: change.key, kind, url, section, everyMinutes, state });
}
