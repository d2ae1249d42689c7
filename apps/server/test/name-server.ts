import { createSocket } from "node:dgram";

const TYPES: Record<number, "A" | "PTR" | "AAAA"> = { 1: "A", 12: "PTR", 28: "AAAA" };

export type NameServer = {
  /** As `TOLLGATE_DNS_SERVERS` takes it. */
  address: string;
  /** Names to IPv4 addresses, and `d.c.b.a.in-addr.arpa` to names. */
  names: Record<string, string[]>;
  /** Every name that was asked for, oldest first. */
  asked: string[];
  close(): Promise<void>;
};

/** A name server on loopback that knows what a test tells it: it plays the world's DNS. */
export async function startNameServer(names: Record<string, string[]>): Promise<NameServer> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  const server = { names };
  socket.on("message", (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join(".").toLowerCase();
    const type = TYPES[query.readUInt16BE(at + 1)];
    const question = query.subarray(12, at + 5);
    asked.push(name);
    const known = server.names[name];
    const values = type === "AAAA" || type === undefined ? [] : (known ?? []);
    const records = values.map((value) => {
      const data =
        type === "PTR"
          ? Buffer.concat([
              ...value.split(".").map((it) => Buffer.from([it.length, ...Buffer.from(it)])),
              Buffer.from([0]),
            ])
          : Buffer.from(value.split(".").map(Number));
      const head = Buffer.from([0xc0, 12, 0, type === "PTR" ? 12 : 1, 0, 1, 0, 0, 0, 0, 0, data.length]);
      return Buffer.concat([head, data]);
    });
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    // An answer; 3 is "no such name".
    header.writeUInt16BE(0x8180 | (known ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, question, ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get names() {
      return server.names;
    },
    set names(value) {
      server.names = value;
    },
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
