import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, LATER, USER } from "./examples.ts";
import { currency, instant, money } from "./scalars.ts";

const contract = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    userId: z.string(),
    createdAt: instant,
    updatedAt: instant,
    price: money,
    currency,
    nextBillAt: instant.nullable(),
    nextPrice: money.nullable(),
    manageUrl: z.string().optional(),
    contractDuration: z.enum(["RECURRING", "RENEWABLE", "PERPETUAL"]),
    items: z.array(z.looseObject({ sku: z.string(), name: z.string(), purchaseOptionId: z.string() })),
    status: z.enum(["ACTIVE", "CANCELED", "EXPIRED", "PAUSED", "PENDING"]),
    isActive: z.boolean(),
    recurringInterval: z.enum(["DAY", "WEEK", "MONTH", "YEAR"]).optional(),
    recurringTime: z.int().optional(),
    willCancelAt: instant.nullable(),
    expiresAt: instant.optional(),
    paymentData: z.looseObject({ method: z.string(), description: z.string() }).optional(),
    appliedDiscounts: z.array(
      z.object({ id: z.string(), code: z.string(), name: z.string(), description: z.string() }),
    ),
  })
  .meta({ id: "ManagementContract" });

const BILL_STATUSES = [
  "DRAFT",
  "PENDING",
  "PAID",
  "RETRYING",
  "OVERDUE",
  "CANCELED",
  "EXPIRED",
  "VOIDED",
] as const;
const bill = z
  .looseObject({
    id: z.string(),
    contractId: z.string(),
    userId: z.string(),
    number: z.int(),
    items: z.array(z.looseObject({ sku: z.string(), title: z.string() })),
    price: money,
    currency,
    refunded: money.meta({ description: "What of it was given back." }),
    receiptUrl: z.string(),
    paymentProvider: z.string(),
    paymentMethod: z.string(),
    status: z.enum(BILL_STATUSES),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementBill" });

const TRANSACTION_TYPES = ["CHARGE", "REFUND", "CHARGEBACK", "ADJUSTMENT"] as const;
const TRANSACTION_STATUSES = ["PENDING", "REQUIRES_ACTION", "SUCCEEDED", "FAILED", "CANCELED"] as const;
const transaction = z
  .looseObject({
    id: z.string(),
    amount: money.meta({ description: "Never negative; see `isRefund`." }),
    currency,
    contractId: z.string(),
    billId: z.string(),
    userId: z.string(),
    isRefund: z.boolean(),
    type: z.enum(TRANSACTION_TYPES),
    status: z.enum(TRANSACTION_STATUSES),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ManagementTransaction" });

const checkout = z
  .looseObject({
    id: z.string(),
    userId: z.string(),
    sku: z.string(),
    purchaseOptionId: z.string(),
    price: money,
    currency,
    status: z.enum(["PENDING", "WAITING_PAYMENT_CONFIRMATION", "COMPLETED", "EXPIRED", "CANCELED"]),
    contractId: z.string().optional(),
    sessionId: z.string().optional().meta({ description: "The checkout that a publisher's page made." }),
    paywallId: z.string(),
    createdAt: instant,
    expiresAt: instant,
    completedAt: instant.optional(),
  })
  .meta({ id: "ManagementCheckout" });

const CONTRACT = {
  id: idOf("con"),
  name: "Everything",
  userId: USER,
  createdAt: AT,
  updatedAt: AT,
  price: 4.9,
  currency: "EUR",
  nextBillAt: LATER,
  nextBillingDate: LATER,
  nextPrice: 4.9,
  manageUrl: `https://pay.example.com/account/en/subscriptions/lantern-web/${idOf("con")}`,
  contractDuration: "RECURRING",
  items: [
    {
      sku: "all",
      name: "Everything",
      purchaseOptionId: idOf("po"),
      purchaseOptionName: "Monthly",
      purchaseType: "RECURRING",
    },
  ],
  status: "ACTIVE",
  isActive: true,
  recurringInterval: "MONTH",
  recurringTime: 1,
  willCancelAt: null,
  expiresAt: LATER,
  paymentData: { method: "CARD", description: "Visa ending in 4242", brand: "visa" },
  appliedDiscounts: [],
};
const BILL = {
  id: idOf("bil"),
  contractId: CONTRACT.id,
  userId: USER,
  number: 1042,
  items: [{ sku: "all", title: "Everything", purchaseOptionId: idOf("po") }],
  price: 4.9,
  currency: "EUR",
  refunded: 0,
  receiptUrl: `https://pay.example.com/account/receipts/${idOf("bil")}?key=secret`,
  paymentProvider: "SANDBOX",
  paymentMethod: "CARD",
  status: "PAID",
  createdAt: AT,
  updatedAt: AT,
};
const TRANSACTION = {
  id: idOf("txn"),
  amount: 4.9,
  currency: "EUR",
  contractId: CONTRACT.id,
  billId: BILL.id,
  userId: USER,
  isRefund: false,
  type: "CHARGE",
  status: "SUCCEEDED",
  createdAt: AT,
  updatedAt: AT,
};
const CHECKOUT = {
  id: idOf("chk"),
  userId: USER,
  sku: "all",
  purchaseOptionId: idOf("po"),
  price: 4.9,
  currency: "EUR",
  status: "PENDING",
  paywallId: idOf("pw"),
  createdAt: AT,
  expiresAt: LATER,
};

const tag = "Management: billing";
const one = (what: string) => z.object({ id: z.string().meta({ description: what }) });
const ofContract = one("The contract's `con_…` id.");
const ofBill = one("The bill's `bil_…` id.");
const ofTransaction = one("The transaction's `txn_…` id.");
const ofCheckout = one("The checkout's `chk_…` id.");
const userId = z.string().optional();

export const listContracts = management({
  id: "managementListContracts",
  method: "GET",
  path: "/management/contracts",
  tag,
  summary: "Contracts",
  scope: "contract:read",
  request: {
    query: z.object({
      userId,
      status: z.enum(["ACTIVE", "CANCELED", "EXPIRED", "PAUSED", "PENDING"]).optional(),
      sku: z.string().optional(),
    }),
  },
  paged: true,
  responses: { 200: z.array(contract) },
  example: { request: { query: { status: "ACTIVE" } }, response: [CONTRACT] },
});

export const getContract = management({
  id: "managementGetContract",
  method: "GET",
  path: "/management/contracts/{id}",
  tag,
  summary: "A contract",
  scope: "contract:read",
  request: { params: ofContract },
  responses: { 200: contract },
  errors: [404],
  example: { request: { params: { id: CONTRACT.id } }, response: CONTRACT },
});

export const cancelContract = management({
  id: "managementCancelContract",
  method: "POST",
  path: "/management/contracts/{id}/cancel",
  tag,
  summary: "End a contract",
  description:
    "With the period that is paid for, or at once. Ending it again changes nothing. 409 for what was paid once and " +
    "does not renew: refund its bill instead.",
  scope: "contract:write",
  request: {
    params: ofContract,
    body: z.object({
      atPeriodEnd: z.boolean().default(true),
      reason: z.string().max(500).default("requested"),
    }),
  },
  responses: { 200: contract },
  errors: [404, 409],
  example: {
    request: { params: { id: CONTRACT.id }, body: { atPeriodEnd: true, reason: "moved away" } },
    response: { ...CONTRACT, nextBillAt: null, nextBillingDate: null, nextPrice: null, willCancelAt: LATER },
  },
});

export const listBills = management({
  id: "managementListBills",
  method: "GET",
  path: "/management/bills",
  tag,
  summary: "Bills",
  scope: "bill:read",
  request: {
    query: z.object({
      userId,
      contractId: z.string().optional(),
      status: z.enum([...BILL_STATUSES, "DELETED"]).optional(),
      q: z
        .string()
        .max(200)
        .optional()
        .meta({ description: "Part of an id, a number, an address or a title." }),
      from: z.string().max(200).optional().meta({
        description: "A number is an `offset`; anything else is the id of the bill to start after.",
      }),
    }),
  },
  paged: "from",
  responses: { 200: z.array(bill) },
  example: { request: { query: { status: "PAID" } }, response: [BILL] },
});

export const getBill = management({
  id: "managementGetBill",
  method: "GET",
  path: "/management/bills/{id}",
  tag,
  summary: "A bill",
  scope: "bill:read",
  request: { params: ofBill },
  responses: { 200: bill },
  errors: [404],
  example: { request: { params: { id: BILL.id } }, response: BILL },
});

export const refundBill = management({
  id: "managementRefundBill",
  method: "POST",
  path: "/management/bills/{id}/refund",
  tag,
  summary: "Give money back",
  description:
    "All that is left of the bill, or an amount. Send an `Idempotency-Key`. The processor may take a while: the bill " +
    "and its transactions say when the money has gone. 409 when less than that is left.",
  scope: "bill:write",
  request: {
    params: ofBill,
    body: z.object({ amount: money.optional(), reason: z.string().max(500).default("requested") }),
  },
  responses: { 200: z.object({ success: z.boolean(), amount: money, currency }) },
  errors: [404, 409],
  example: {
    request: { params: { id: BILL.id }, body: { amount: 2.5, reason: "goodwill" } },
    response: { success: true, amount: 2.5, currency: "EUR" },
  },
});

export const listTransactions = management({
  id: "managementListTransactions",
  method: "GET",
  path: "/management/transactions",
  tag,
  summary: "Money that moved",
  description: "Attempts that moved none are left out, unless `status` asks for them.",
  scope: "transaction:read",
  request: {
    query: z.object({
      userId,
      contractId: z.string().optional(),
      billId: z.string().optional(),
      type: z
        .string()
        .max(40)
        .optional()
        .meta({ description: TRANSACTION_TYPES.join(", ") }),
      status: z
        .string()
        .max(40)
        .optional()
        .meta({ description: TRANSACTION_STATUSES.join(", ") }),
    }),
  },
  paged: true,
  responses: { 200: z.array(transaction) },
  example: { request: { query: { type: "CHARGE" } }, response: [TRANSACTION] },
});

export const getTransaction = management({
  id: "managementGetTransaction",
  method: "GET",
  path: "/management/transactions/{id}",
  tag,
  summary: "A transaction",
  scope: "transaction:read",
  request: { params: ofTransaction },
  responses: { 200: transaction },
  errors: [404],
  example: { request: { params: { id: TRANSACTION.id } }, response: TRANSACTION },
});

export const listCheckouts = management({
  id: "managementListCheckouts",
  method: "GET",
  path: "/management/checkouts",
  tag,
  summary: "Attempts to buy",
  scope: "checkout:read",
  request: {
    query: z.object({
      userId,
      status: z
        .enum(["PENDING", "WAITING_PAYMENT_CONFIRMATION", "COMPLETED", "EXPIRED", "CANCELED"])
        .optional(),
    }),
  },
  paged: true,
  responses: { 200: z.array(checkout) },
  example: { request: { query: { status: "PENDING" } }, response: [CHECKOUT] },
});

export const getCheckout = management({
  id: "managementGetCheckout",
  method: "GET",
  path: "/management/checkouts/{id}",
  tag,
  summary: "An attempt to buy",
  scope: "checkout:read",
  request: { params: ofCheckout },
  responses: { 200: checkout },
  errors: [404],
  example: { request: { params: { id: CHECKOUT.id } }, response: CHECKOUT },
});

export const expireCheckout = management({
  id: "managementExpireCheckout",
  method: "POST",
  path: "/management/checkouts/{id}/expire",
  tag,
  summary: "Close an attempt to buy",
  description:
    "It is not offered to its buyer again. A payment that is under way all the same still counts. 409 once it is paid.",
  scope: "checkout:write",
  request: { params: ofCheckout },
  responses: { 200: checkout },
  errors: [404, 409],
  example: { request: { params: { id: CHECKOUT.id } }, response: { ...CHECKOUT, status: "EXPIRED" } },
});

export const billingEndpoints: readonly ManagementEndpoint[] = [
  listContracts,
  getContract,
  cancelContract,
  listBills,
  getBill,
  refundBill,
  listTransactions,
  getTransaction,
  listCheckouts,
  getCheckout,
  expireCheckout,
];
