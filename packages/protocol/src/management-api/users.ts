import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, USER } from "./examples.ts";
import { email, instant } from "./scalars.ts";

const address = z
  .object({
    country: z.string(),
    zip: z.string(),
    city: z.string(),
    street: z.string(),
    co: z.string(),
    firstName: z.string(),
    lastName: z.string(),
  })
  .partial()
  .meta({ id: "UserAddress" });

/** Fields of a profile; publisher API §4.1. */
const told = {
  name: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  nickname: z.string(),
  picture: z.string(),
  locale: z.string(),
  company: z.string(),
  mobilePhone: z.string(),
  workPhone: z.string(),
  homePhone: z.string(),
};

/** Publisher API §8.2. */
export const user = z
  .looseObject({
    id: z.string().meta({ description: "The `sub` of the reader's tokens." }),
    userId: z.string(),
    email: z.string().optional(),
    emailVerified: z.boolean().optional(),
    ...z.object(told).partial().shape,
    billingAddress: address.optional(),
    deliveryAddress: address.optional(),
    tags: z.array(z.string()).optional().meta({ description: "Of a single user only, not in lists." }),
    user_metadata: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .meta({ description: "Of a single user only, not in lists." }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "User" });

const text = z.string().max(2000).nullish();
const changes = z.object({
  ...Object.fromEntries(Object.keys(told).map((name) => [name, text])),
  email: email.optional(),
  billingAddress: address.nullish(),
  deliveryAddress: address.nullish(),
  tags: z.array(z.string()).max(200).optional().meta({ description: "All of them; others are removed." }),
  user_metadata: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .meta({ description: "Keys that are not named stay." }),
  givenName: text,
  familyName: text,
  phoneNumber: text.meta({ description: "Another spelling of `mobilePhone`." }),
});

export const userExample = {
  id: USER,
  userId: USER,
  email: "reader@lantern.example",
  emailVerified: true,
  name: "Robin Reader",
  firstName: "Robin",
  lastName: "Reader",
  tags: ["print"],
  user_metadata: { theme: "dark" },
  createdAt: AT,
  updatedAt: AT,
};
const { tags: _tags, user_metadata: _metadata, ...LISTED } = userExample;

const tag = "Management: users";
const read = "user:read" as const;
const write = "user:write" as const;
const ofUser = z.object({
  userId: z.string().meta({ description: "The user's id, or the id that an earlier system knew them by." }),
});
const ofKey = ofUser.extend({ key: z.string().meta({ description: "1 to 64 of `A-Z a-z 0-9 . _ -`." }) });
const ofTag = ofUser.extend({ tag: z.string() });
const params = { userId: USER };

export const listUsers = management({
  id: "managementListUsers",
  method: "GET",
  path: "/management/users",
  tag,
  summary: "Users",
  description: "Whoever has given an address; browsers that nobody signed in on are left out.",
  scope: read,
  request: {
    query: z.object({
      search: z.string().max(200).optional().meta({ description: "Part of an address, a name or an id." }),
    }),
  },
  paged: true,
  responses: { 200: z.array(user) },
  example: { request: { query: { search: "reader@" } }, response: [LISTED] },
});

export const createUser = management({
  id: "managementCreateUser",
  method: "POST",
  path: "/management/users",
  tag,
  summary: "Make a user",
  description:
    "The address is unproven until its owner opens a mail, so rights that wait for it wait on. 409 when there is a " +
    "user with it.",
  scope: write,
  request: { body: changes.extend({ email }) },
  responses: { 201: user },
  errors: [409],
  example: {
    request: { body: { email: "reader@lantern.example", firstName: "Robin", lastName: "Reader" } },
    response: userExample,
  },
});

export const getUser = management({
  id: "managementGetUser",
  method: "GET",
  path: "/management/users/{userId}",
  tag,
  summary: "A user",
  scope: read,
  request: { params: ofUser },
  responses: { 200: user },
  errors: [404],
  example: { request: { params }, response: userExample },
});

export const updateUser = management({
  id: "managementUpdateUser",
  method: "PATCH",
  path: "/management/users/{userId}",
  tag,
  summary: "Change a user",
  description:
    "Only the given fields change; null takes a value away. A new address is unproven, and is mailed to.",
  scope: write,
  request: { params: ofUser, body: changes },
  responses: { 200: user },
  errors: [404, 409],
  example: { request: { params, body: { firstName: "Robin" } }, response: userExample },
});

export const deleteUser = management({
  id: "managementDeleteUser",
  method: "DELETE",
  path: "/management/users/{userId}",
  tag,
  summary: "Forget a user",
  description: "Ends their sessions and renewals and removes what is known of the person. Bills stay.",
  scope: write,
  request: { params: ofUser },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

export const setUserPassword = management({
  id: "managementSetUserPassword",
  method: "POST",
  path: "/management/users/{userId}/set-password",
  tag,
  summary: "Give a user a password",
  description: "Ends their sessions and tells them by mail.",
  scope: write,
  request: { params: ofUser, body: z.object({ password: z.string().min(8).max(128) }) },
  responses: { 204: null },
  errors: [404],
  example: { request: { params, body: { password: "correct horse battery" } } },
});

export const changeUserLogin = management({
  id: "managementChangeUserLogin",
  method: "POST",
  path: "/management/users/{userId}/change-login-identifier",
  tag,
  summary: "Change the address that a user signs in with",
  description: "The new address is unproven until its owner opens the mail that goes there.",
  scope: write,
  request: { params: ofUser, body: z.object({ email }) },
  responses: { 204: null },
  errors: [404, 409],
  example: { request: { params, body: { email: "robin@lantern.example" } } },
});

export const setUserMetadata = management({
  id: "managementSetUserMetadata",
  method: "PUT",
  path: "/management/users/{userId}/user_metadata/{key}",
  tag,
  summary: "Keep a value for a user",
  description:
    "The body is the value itself. Text stays text, also `42`; an object or an array is kept as one.",
  scope: write,
  request: { params: ofKey, body: z.string().max(4096), media: "text/plain" },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...params, key: "theme" }, body: "dark" } },
});

export const deleteUserMetadata = management({
  id: "managementDeleteUserMetadata",
  method: "DELETE",
  path: "/management/users/{userId}/user_metadata/{key}",
  tag,
  summary: "Forget a value",
  scope: write,
  request: { params: ofKey },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...params, key: "theme" } } },
});

export const listUserTags = management({
  id: "managementListUserTags",
  method: "GET",
  path: "/management/users/{userId}/tags",
  tag,
  summary: "A user's tags",
  scope: "tag:read",
  request: { params: ofUser },
  responses: { 200: z.array(z.string()) },
  errors: [404],
  example: { request: { params }, response: ["print"] },
});

export const addUserTag = management({
  id: "managementAddUserTag",
  method: "PUT",
  path: "/management/users/{userId}/tags/{tag}",
  tag,
  summary: "Tag a user",
  scope: "tag:write",
  request: { params: ofTag },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...params, tag: "print" } } },
});

export const removeUserTag = management({
  id: "managementRemoveUserTag",
  method: "DELETE",
  path: "/management/users/{userId}/tags/{tag}",
  tag,
  summary: "Take a tag from a user",
  scope: "tag:write",
  request: { params: ofTag },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...params, tag: "print" } } },
});

const tagUse = z.object({ tag: z.string(), users: z.int() }).meta({ id: "TagUse" });
const tagName = z.object({ tag: z.string() });

export const listTags = management({
  id: "managementListTags",
  method: "GET",
  path: "/management/tags",
  tag,
  summary: "Tags that users have",
  description: "With how many have each, the most used first.",
  scope: "tag:read",
  request: {},
  responses: { 200: z.array(tagUse) },
  example: { request: {}, response: [{ tag: "print", users: 12 }] },
});

export const renameTag = management({
  id: "managementRenameTag",
  method: "PATCH",
  path: "/management/tags/{tag}",
  tag,
  summary: "Rename a tag",
  description: "For everybody who has it. Whoever has both keeps one.",
  scope: "tag:write",
  request: { params: tagName, body: z.object({ tag: z.string().trim().min(1).max(100) }) },
  responses: { 200: tagUse },
  errors: [404],
  example: {
    request: { params: { tag: "print" }, body: { tag: "paper" } },
    response: { tag: "paper", users: 12 },
  },
});

export const deleteTag = management({
  id: "managementDeleteTag",
  method: "DELETE",
  path: "/management/tags/{tag}",
  tag,
  summary: "Take a tag from everybody",
  scope: "tag:write",
  request: { params: tagName },
  responses: { 204: null },
  example: { request: { params: { tag: "print" } } },
});

export const userEndpoints: readonly ManagementEndpoint[] = [
  listUsers,
  createUser,
  getUser,
  updateUser,
  deleteUser,
  setUserPassword,
  changeUserLogin,
  setUserMetadata,
  deleteUserMetadata,
  listUserTags,
  addUserTag,
  removeUserTag,
  listTags,
  renameTag,
  deleteTag,
];
