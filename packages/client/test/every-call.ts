/** One call of every method of the published SDK, with arguments that are awkward where they may be. */
export type Calls = Record<string, unknown[]>;

const items = [{ sku: "sid:abc", purchaseOptionId: "po_1" }];
const checkout = { items, redirectUrl: "https://daily.example/?a=1#b", email: "a+b@example.com" };
const link = { baseUrl: "https://pay.example.com", clientId: "daily news" };

export const clientCalls: Calls = {
  "profile.get": ["auth0|42"],
  "profile.update": ["me", { firstName: "Åsa" }],
  "profile.checkSpotifyLink": [],
  "profile.unlinkSpotify": [],
  "profile.delete": [],
  "entitlements.list": [
    {
      type: "article",
      sku: "sid:abc",
      purchaseOptionId: "po_1",
      waitForEntitlementAfter: "2031-03-01T10:00:00.000Z",
    },
  ],
  "entitlements.get": ["ent_1"],
  "entitlements.getAccess": ["ent_1"],
  "subscriptions.list": [],
  "subscriptions.get": ["sub_1"],
  "products.get": ["sid:abc"],
  "products.autoOnboard": ["sid:abc"],
  "contracts.list": [],
  "contracts.get": ["ct_1"],
  "contracts.cancel": ["ct_1"],
  "contracts.createAmendment": ["ct_1", { amendmentType: "DISCOUNT", discountCode: "SPRING" }],
  "contracts.confirmAmendment": ["ct_1", "am_1"],
  "userMetadata.get": [],
  "userMetadata.set": ["theme", "dark mode"],
  "userMetadata.delete": ["theme"],
  "tallies.list": [],
  "tallies.get": ["reads"],
  "tallies.update": ["reads", { value: ["a"] }],
  "tallies.create": [{ id: "reads", value: [1, "a"] }],
  "tallies.delete": ["reads"],
  "tallies.push": ["reads", { value: "b", policies: { unique: true } }],
  "tags.list": [],
  "tags.add": ["a b"],
  "tags.remove": ["a b"],
  "checkouts.generateLink": [{ apiUrl: "https://pay.example.com" }, checkout],
  "checkouts.create": [checkout],
  "checkouts.get": ["co_1"],
  "checkouts.update": ["co_1", { email: "c@example.com" }],
  "links.generateCheckoutLink": [
    { apiUrl: "https://pay.example.com" },
    {
      ...checkout,
      language: "sv",
      giftMode: true,
      payerEmail: "p@example.com",
      requireAddress: true,
      metadata: { a: "1 2", b: "&" },
    },
  ],
  "links.generateAccountLink": [
    link,
    { language: "sv", contractId: "ct/1", redirectUrl: "https://daily.example/?q=å" },
  ],
  "links.generateChangePaymentLink": [link, { contractId: "ct 1" }],
  "links.generateChangePlanLink": [link, { contractId: "ct_1", language: "nb" }],
  "links.generateConsumeLink": [link, { sku: "sid:abc", episodeId: "e/1" }],
  "bills.list": [],
  "bills.get": ["bi_1"],
  "fulfillments.list": [],
  "fulfillments.create": [{ sku: "sid:abc", itemId: "it_1" }],
  "paywalls.get": ["pw_1"],
  "paymentIssues.list": [],
  "proxy.content": ["https://daily.example/a?b=1&c=2", "#body > p", "no-cache"],
  "transactions.list": ["ct_1 & more"],
  "vendor.get": [],
  "vendor.list": [],
};

export const managementCalls: Calls = {
  "users.list": [{ limit: 10, offset: 5, search: "a@b" }],
  "users.create": [{ email: "a@example.com", name: "A" }],
  "users.get": ["auth0|42"],
  "users.update": ["cus_1", { name: "B" }],
  "users.delete": ["cus_1"],
  "users.setPassword": ["cus_1", "correct horse"],
  "users.changeLoginIdentifier": ["cus_1", "b@example.com"],
  "users.metadata.set": ["cus_1", "theme", "dark"],
  "users.metadata.delete": ["cus_1", "theme"],
  "entitlements.list": [{ userId: "cus_1" }],
  "products.list": [{ search: "news" }],
  "products.get": ["sid:abc"],
  "products.create": [{ sku: "sid:abc", title: "News" }],
  "products.update": ["sid:abc", { title: "Newer" }],
  "products.getFulfillments": ["sid:abc"],
  "contracts.list": [{ status: "ACTIVE" }],
  "contracts.get": ["ct_1"],
  "bills.list": [{ userId: "cus_1" }],
  "bills.get": ["bi_1"],
  "transactions.list": [{ limit: 1 }],
  "vendors.list": [],
  "vendors.create": [{ name: "Another" }],
  "customers.get": ["cus_1"],
  "accessLists.list": [],
  "accessLists.get": ["al_1"],
  "accessLists.create": [{ name: "Partners", type: "MANUAL", status: "ACTIVE" }],
  "accessLists.update": ["al_1", { name: "Partners", type: "MANUAL", status: "DRAFT" }],
  "accessLists.patch": ["al_1", { name: "Friends" }],
  "accessLists.grants.list": ["al_1"],
  "accessLists.grants.get": ["al_1", "gr_1"],
  "accessLists.grants.create": ["al_1", { email: "a@example.com", sku: "s", poId: "po_1", status: "ACTIVE" }],
  "accessLists.grants.update": ["al_1", "gr_1", { status: "CANCELED" }],
  "accessLists.grants.delete": ["al_1", "gr_1"],
};

type Method = (...args: unknown[]) => unknown;

/** Every function inside an object of objects, by its dotted name. */
export function methodsOf(value: object, prefix = ""): Map<string, Method> {
  return new Map(
    Object.entries(value).flatMap(([name, inner]) =>
      typeof inner === "function"
        ? [[`${prefix}${name}`, inner as Method] as const]
        : [...methodsOf(inner as object, `${prefix}${name}.`)],
    ),
  );
}
