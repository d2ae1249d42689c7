// Compiles as long as ours may stand wherever code written for the published SDK has theirs.
import type * as published from "@sesamy/sdk";
import * as ours from "../src/index.ts";

/** Their modes are members of an enum of theirs, which nothing but that enum can be. */
type Config = Omit<published.SDKConfig, "cache">;

export const client: (config: Config) => ReturnType<typeof published.client> = ours.client;
export const management: (config: Config) => ReturnType<typeof published.management> = ours.management;
export const functions: Pick<
  typeof published,
  "clearCache" | "signContractManageUrl" | "signUrlWithAccessToken"
> = ours;
export const error: typeof published.APIError = ours.APIError;
export const storage: published.CacheStorage = new ours.MemoryCacheStorage();

/** Every name of a thing on the wire means the same to both, so each may be passed where the other is wanted. */
type Things = {
  Access: [published.Access, ours.Access];
  AccessList: [published.AccessList, ours.AccessList];
  Amendment: [published.Amendment, ours.Amendment];
  Attribution: [published.Attribution, ours.Attribution];
  Bill: [published.Bill, ours.Bill];
  Checkout: [published.Checkout, ours.Checkout];
  Contract: [published.Contract, ours.Contract];
  CreateAccessList: [published.CreateAccessList, ours.CreateAccessList];
  CreateCheckoutParams: [published.CreateCheckoutParams, ours.CreateCheckoutParams];
  Entitlement: [published.Entitlement, ours.Entitlement];
  Fulfillment: [published.Fulfillment, ours.Fulfillment];
  Grant: [published.Grant, ours.Grant];
  GrantAddress: [published.GrantAddress, ours.GrantAddress];
  PaymentIssue: [published.PaymentIssue, ours.PaymentIssue];
  Paywall: [published.Paywall, ours.Paywall];
  Product: [published.Product, ours.Product];
  Profile: [published.Profile, ours.Profile];
  Subscription: [published.Subscription, ours.Subscription];
  Tally: [published.Tally, ours.Tally];
  TallyInsert: [published.TallyInsert, ours.TallyInsert];
  Transaction: [published.Transaction, ours.Transaction];
  UpdateAccessList: [published.UpdateAccessList, ours.UpdateAccessList];
  UpdateGrant: [published.UpdateGrant, ours.UpdateGrant];
  User: [published.User, ours.User];
  Vendor: [published.Vendor, ours.Vendor];
};
type Different = {
  [Name in keyof Things]: [Things[Name][0]] extends [Things[Name][1]]
    ? [Things[Name][1]] extends [Things[Name][0]]
      ? never
      : Name
    : Name;
}[keyof Things];
export const different: [Different] extends [never] ? true : Different = true;
