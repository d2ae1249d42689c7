import { listAllPurchaseOptions, type PurchaseOption } from "../../domains/catalogue/index.ts";
import {
  findRunningExperiment,
  listActiveOffers,
  type Offer,
  type RunningExperiment,
  withOptions,
} from "../../domains/growth/index.ts";
import { listConfiguredProviders, mayStartWith, type SocialProvider } from "../../domains/identity/index.ts";
import {
  getLiveBody,
  livingNums,
  type Paywall,
  type PaywallBody,
  type PaywallOfTenant,
  renameReferences,
} from "../../domains/paywalls/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import type { Queryable } from "../../platform/database/index.ts";

/** All that a paywall may show to anybody, read once and rendered for many. */
export type BootstrapContent = {
  paywall: Paywall;
  tenant: Tenant;
  body: PaywallBody;
  /** On sale, in display order. */
  options: PurchaseOption[];
  /** Active, in the order in which they compete, whoever they are for. */
  offers: Offer[];
  experiment: RunningExperiment | null;
  /** Sign-in providers that work here. */
  providers: SocialProvider[];
  /** The living option of a key. */
  numOfKey(key: string): string | null;
  numOfId(optionId: string): string | null;
};

/** Reads a paywall's content. Names of options that were superseded since it was published are led on. */
export async function loadBootstrapContent(q: Queryable, found: PaywallOfTenant): Promise<BootstrapContent> {
  const { paywall, tenant } = found;
  const [all, body, offers, experiment, providers] = await Promise.all([
    listAllPurchaseOptions(q, paywall.id),
    getLiveBody(q, paywall.id),
    listActiveOffers(q, paywall.id),
    findRunningExperiment(q, paywall.id),
    listConfiguredProviders(q, tenant.id),
  ]);
  const living = all.filter((option) => option.state === "active");
  const numByKey = new Map(living.map((option) => [option.key, String(option.num)]));
  const keyById = new Map(all.map((option) => [option.id, option.key]));
  const numOfKey = (key: string) => numByKey.get(key) ?? null;
  return {
    paywall,
    tenant,
    body: renameReferences(body, { option: livingNums(all), offer: (id) => id }),
    options: living.filter((option) => option.replacesId === null),
    offers,
    providers: providers.filter((provider) => mayStartWith(paywall, provider)),
    experiment: experiment && withOptions(experiment, all),
    numOfKey,
    numOfId: (optionId) => numOfKey(keyById.get(optionId) ?? ""),
  };
}
