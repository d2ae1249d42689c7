import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { request as forward } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

/**
 * Ends TLS on a port of this machine and hands every request on over http, to the port that its host belongs to. A
 * browser comes here by `--host-resolver-rules`; the certificate is made on the spot, so it must be told not to mind.
 */
export async function startTlsFront(
  portOf: (host: string) => number,
): Promise<{ port: number; stop(): void }> {
  const server: Server = createServer(makeCertificate(), (incoming, response) => {
    const host = (incoming.headers.host ?? "").split(":")[0] ?? "";
    const { method, url, headers } = incoming;
    const onward = forward(
      { host: "127.0.0.1", port: portOf(host), method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A self-signed certificate for nobody in particular, in as much of X.509 as TLS wants to see. */
function makeCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from("test")))));
  const validity = sequence(
    der(0x18, Buffer.from("20200101000000Z")),
    der(0x18, Buffer.from("20991231000000Z")),
  );
  const serial = der(0x02, Buffer.from([0x01, ...randomBytes(8)]));
  const key = (publicKey as KeyObject).export({ type: "spki", format: "der" });
  const body = sequence(serial, algorithm, name, validity, name, key);
  const signature = createSign("SHA256").update(body).sign(privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString("base64").replace(/(.{64})/g, "$1\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
