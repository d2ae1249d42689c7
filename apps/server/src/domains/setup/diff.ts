import type { FieldChange } from "./setup.ts";

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Groups and lists of groups are compared from the inside; every other value is one value. */
const children = (value: unknown): [string, unknown][] | null => {
  if (isGroup(value)) return Object.entries(value);
  if (Array.isArray(value) && value.some(isGroup)) return value.map((item, i) => [String(i), item]);
  return null;
};

const absent = (value: unknown): boolean => value === undefined || value === null;

const isEmpty = (value: unknown): boolean =>
  absent(value) ||
  (Array.isArray(value) && value.length === 0) ||
  (isGroup(value) && Object.keys(value).length === 0);

/** Every value that differs. The order of names in a group means nothing; the order of a list does. */
export function diffValues(before: unknown, after: unknown, path = ""): FieldChange[] {
  const left = children(before);
  const right = children(after);
  if (!left && !right) {
    const same = absent(before) ? absent(after) : JSON.stringify(before) === JSON.stringify(after);
    return same || (isEmpty(before) && isEmpty(after))
      ? []
      : [{ path, before: before ?? null, after: after ?? null }];
  }
  // A value that becomes a group (or the other way round) is told as a whole.
  if ((!left && !absent(before) && !isEmpty(before)) || (!right && !absent(after) && !isEmpty(after))) {
    return [{ path, before, after }];
  }
  const was = new Map(left ?? []);
  const is = new Map(right ?? []);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) =>
    diffValues(was.get(name), is.get(name), path ? `${path}.${name}` : name),
  );
}
