/**
 * A path of the API, with every value as one segment of it: `` path`/contracts/${id}/cancel` ``.
 *
 * What a caller has encoded already stays as it is, because clients that encode nothing have taught callers to.
 *
 * @throws TypeError for a value that is empty or would climb out of its place
 */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((before, part, index) => `${before}${segment(values[index - 1])}${part}`);
}

function segment(value: string | number | undefined): string {
  const text = String(value ?? "");
  const encoded = encodeURIComponent(text).replace(/%25([0-9a-f]{2})/gi, "%$1");
  // A URL parser reads `%2e` in these two as the dot that it is.
  if (encoded === "" || /^(?:\.|%2e){1,2}$/i.test(encoded)) {
    throw new TypeError(`An id is needed here, not ${JSON.stringify(value)}.`);
  }
  return encoded;
}

/** `?a=1&b=2`, or nothing. What is not given is left out. */
export function query(values: object = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) params.append(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}
