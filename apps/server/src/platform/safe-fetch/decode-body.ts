import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { OutboundFailed } from "./errors.ts";

/** What we can read, and say so. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

const DECODERS: Record<string, () => Transform> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/**
 * An answer's bytes as its sender meant them, no more than `maxBytes` after decompression, so that a small bomb ends at
 * the limit and not in memory. Leaving the loop early gives the connection up.
 *
 * @throws OutboundFailed `too_large`, and `bad_encoding` for what we did not ask for
 */
export async function* decodeBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? "";
  const decoder = name === "" || name === "identity" ? null : DECODERS[name];
  if (decoder === undefined) {
    body.destroy();
    throw new OutboundFailed("bad_encoding", "The answer is in an encoding that nobody asked for.");
  }
  const decoded = decoder === null ? body : pipeline(body, decoder(), () => {});
  let total = 0;
  try {
    for await (const chunk of decoded as AsyncIterable<Buffer>) {
      total += chunk.byteLength;
      if (total > maxBytes) throw new OutboundFailed("too_large", `The answer exceeds ${maxBytes} bytes.`);
      yield chunk;
    }
  } catch (error) {
    throw isZlib(error)
      ? new OutboundFailed("bad_encoding", "The answer is not in the encoding that it names.")
      : error;
  } finally {
    body.destroy();
    decoded.destroy();
  }
}

const isZlib = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  /^(Z_|ERR_(_ZLIB|_?BROTLI|PADDING|.*BROTLI))/.test(String(error.code));
