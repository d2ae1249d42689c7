import { ACCESS_CHANGED } from "../../domains/entitlements/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "../../platform/geo/index.ts";

export const SIGNAL_LIMITS = {
  /** One stream per tab that waits for a payment. */
  perCaller: 6,
  perNetwork: 60,
  perProcess: 5_000,
  /** Proxies close what is silent for a minute. */
  heartbeatMs: 20_000,
  lifeMs: 10 * 60_000,
};

/** Chunks that may wait for a reader who does not read; then the connection is cut. */
const MAX_WAITING = 4;

const encoder = new TextEncoder();
const HELLO = encoder.encode("retry: 3000\n\n");
const HEARTBEAT = encoder.encode(":\n\n");
const CHANGED = encoder.encode("data: changed\n\n");

export type SignalListener = {
  /** Counted against `perCaller`. It must not tell apart people that the caller may not know of. */
  callerKey: string;
  address: string;
  /** Whose changes to listen to; null for nobody, which looks the same from outside. */
  customerId: string | null;
  /** Asked at the moment of a change: the customer whose state this caller may read then. */
  readableCustomer(): Promise<string | null>;
  /** Ends the connection of a reader that does not read. */
  cut(): void;
};

type Stream = SignalListener & {
  network: string;
  endsAt: number;
  controller: ReadableStreamDefaultController<Uint8Array>;
  telling: boolean;
  again: boolean;
};

/** The open purchase signals of this process. */
export interface SignalStreams {
  /** The body of an answer, or null when there are too many already. */
  open(listener: SignalListener): ReadableStream<Uint8Array> | null;
  count(): number;
  /** Ends them all and takes no more: the server stops. */
  close(): void;
}

/** Holds no transaction and no connection to the database: a stream costs its socket and a few hundred bytes. */
export function createSignalStreams(
  deps: Pick<Deps, "broadcast" | "log">,
  limits: typeof SIGNAL_LIMITS = SIGNAL_LIMITS,
): SignalStreams {
  const streams = new Set<Stream>();
  const listening = new Map<string, Set<Stream>>();
  const callers = new Map<string, number>();
  const networks = new Map<string, number>();
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  function forget(stream: Stream): boolean {
    if (!streams.delete(stream)) return false;
    const { customerId, callerKey, network } = stream;
    const others = customerId ? listening.get(customerId) : undefined;
    if (customerId && others?.delete(stream) && others.size === 0) listening.delete(customerId);
    subtract(callers, callerKey);
    subtract(networks, network);
    if (streams.size === 0) {
      clearInterval(heartbeat);
      heartbeat = undefined;
    }
    return true;
  }

  function end(stream: Stream): void {
    if (forget(stream)) stream.controller.close();
  }

  function write(stream: Stream, chunk: Uint8Array): void {
    if (!streams.has(stream)) return;
    if ((stream.controller.desiredSize ?? 0) > 0) stream.controller.enqueue(chunk);
    else {
      end(stream);
      stream.cut();
    }
  }

  function beat(): void {
    const now = performance.now();
    for (const stream of [...streams]) {
      if (now >= stream.endsAt) end(stream);
      else write(stream, HEARTBEAT);
    }
  }

  /** Whoever may not read the state by then (signed out, not trusted) hears nothing of it either. */
  async function tell(stream: Stream): Promise<void> {
    stream.again = true;
    if (stream.telling) return;
    stream.telling = true;
    try {
      while (stream.again && streams.has(stream)) {
        stream.again = false;
        if ((await stream.readableCustomer()) === stream.customerId) write(stream, CHANGED);
      }
    } catch (error) {
      // The client asks by itself every few seconds as well.
      deps.log.warn({ err: error }, "a purchase signal could not be sent");
      end(stream);
    } finally {
      stream.telling = false;
    }
  }

  deps.broadcast.on(ACCESS_CHANGED, (customerId) => {
    // News may have been missed: polling finds what it was, without everybody asking at once.
    if (customerId === null) return;
    for (const stream of listening.get(customerId) ?? []) void tell(stream);
  });

  return {
    open(listener) {
      const network = networkOf(listener.address);
      if (
        closed ||
        streams.size >= limits.perProcess ||
        (callers.get(listener.callerKey) ?? 0) >= limits.perCaller ||
        (networks.get(network) ?? 0) >= limits.perNetwork
      )
        return null;
      let stream: Stream;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const endsAt = performance.now() + limits.lifeMs;
            stream = { ...listener, network, endsAt, controller, telling: false, again: false };
            streams.add(stream);
            add(callers, stream.callerKey);
            add(networks, network);
            const { customerId } = stream;
            if (customerId) listening.set(customerId, (listening.get(customerId) ?? new Set()).add(stream));
            heartbeat ??= setInterval(beat, limits.heartbeatMs).unref();
            controller.enqueue(HELLO);
          },
          cancel: () => void forget(stream),
        },
        { highWaterMark: MAX_WAITING },
      );
    },
    count: () => streams.size,
    close() {
      closed = true;
      for (const stream of [...streams]) end(stream);
    },
  };
}

const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

function subtract(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
