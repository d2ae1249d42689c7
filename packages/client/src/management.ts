import { path, query } from "./paths.ts";
import { createTransport, type SDKConfig } from "./transport.ts";
import type {
  AccessList,
  Bill,
  BillListQuery,
  Contract,
  ContractListQuery,
  CreateAccessList,
  CreateGrant,
  CreateVendor,
  Entitlement,
  Fulfillment,
  Grant,
  ManagedEntitlementQuery,
  Product,
  ProductInput,
  ProductListQuery,
  Transaction,
  TransactionListQuery,
  UpdateAccessList,
  UpdateGrant,
  User,
  UserInput,
  UserListQuery,
  Vendor,
} from "./types.ts";

/**
 * The Management API, for a publisher's back end: `tokenProvider` gives a machine's credentials, never a reader's. Lists
 * are newest first, a hundred at a time unless `limit` says otherwise.
 */
export function management(config: SDKConfig) {
  const send = createTransport(config);
  const write = <T>(method: "POST" | "PUT" | "PATCH", where: string, body: unknown) =>
    send<T>(where, { method, body: JSON.stringify(body) });

  return {
    users: {
      list: async (filter?: UserListQuery) => send<User[]>(`/management/users${query(filter)}`),
      create: async (data: UserInput) => write<User>("POST", "/management/users", data),
      get: async (userId: string) => send<User>(path`/management/users/${userId}`),
      update: async (userId: string, data: UserInput) =>
        write<User>("PATCH", path`/management/users/${userId}`, data),
      delete: async (userId: string) => send<void>(path`/management/users/${userId}`, { method: "DELETE" }),
      setPassword: async (userId: string, password: string) =>
        write<void>("POST", path`/management/users/${userId}/set-password`, { password }),
      changeLoginIdentifier: async (userId: string, email: string) =>
        write<void>("POST", path`/management/users/${userId}/change-login-identifier`, { email }),
      metadata: {
        /** Sent as plain text. */
        set: async (userId: string, key: string, value: string) =>
          send<void>(path`/management/users/${userId}/user_metadata/${key}`, {
            method: "PUT",
            headers: { "Content-Type": "text/plain" },
            body: value,
          }),
        delete: async (userId: string, key: string) =>
          send<void>(path`/management/users/${userId}/user_metadata/${key}`, { method: "DELETE" }),
      },
    },
    entitlements: {
      list: async (filter?: ManagedEntitlementQuery) =>
        send<Entitlement[]>(`/management/entitlements${query(filter)}`),
    },
    products: {
      list: async (filter?: ProductListQuery) => send<Product[]>(`/management/products${query(filter)}`),
      get: async (sku: string) => send<Product>(path`/management/products/${sku}`),
      create: async (data: ProductInput) => write<Product>("POST", "/management/products", data),
      update: async (sku: string, data: ProductInput) =>
        write<Product>("PATCH", path`/management/products/${sku}`, data),
      getFulfillments: async (sku: string) =>
        send<Fulfillment[]>(path`/management/products/${sku}/fulfillments`),
    },
    contracts: {
      list: async (filter?: ContractListQuery) => send<Contract[]>(`/management/contracts${query(filter)}`),
      get: async (id: string) => send<Contract>(path`/management/contracts/${id}`),
    },
    bills: {
      list: async (filter?: BillListQuery) => send<Bill[]>(`/management/bills${query(filter)}`),
      get: async (id: string) => send<Bill>(path`/management/bills/${id}`),
    },
    transactions: {
      list: async (filter?: TransactionListQuery) =>
        send<Transaction[]>(`/management/transactions${query(filter)}`),
    },
    vendors: {
      list: async () => send<Vendor[]>("/management/vendors"),
      create: async (data: CreateVendor) => write<Vendor>("POST", "/management/vendors", data),
    },
    customers: {
      /** XML as a string. */
      get: async (customerId: string) => send<string>(path`/management/customers/${customerId}`),
    },
    accessLists: {
      list: async () => send<AccessList[]>("/management/access-lists"),
      get: async (id: string) => send<AccessList>(path`/management/access-lists/${id}`),
      create: async (data: CreateAccessList) => write<AccessList>("POST", "/management/access-lists", data),
      /** Replaces it; `patch` changes what is given. */
      update: async (id: string, data: UpdateAccessList) =>
        write<AccessList>("PUT", path`/management/access-lists/${id}`, data),
      patch: async (id: string, data: UpdateAccessList) =>
        write<AccessList>("PATCH", path`/management/access-lists/${id}`, data),
      grants: {
        list: async (accessListId: string) =>
          send<Grant[]>(path`/management/access-lists/${accessListId}/grants`),
        get: async (accessListId: string, grantId: string) =>
          send<Grant>(path`/management/access-lists/${accessListId}/grants/${grantId}`),
        create: async (accessListId: string, data: CreateGrant) =>
          write<Grant>("POST", path`/management/access-lists/${accessListId}/grants`, data),
        update: async (accessListId: string, grantId: string, data: UpdateGrant) =>
          write<Grant>("PUT", path`/management/access-lists/${accessListId}/grants/${grantId}`, data),
        delete: async (accessListId: string, grantId: string) =>
          send<void>(path`/management/access-lists/${accessListId}/grants/${grantId}`, { method: "DELETE" }),
      },
    },
  };
}

export type ManagementSDK = ReturnType<typeof management>;
