// Bootstrap, warm and signed out, against a bare node:http handler that sends the same bytes without any of our headers.
// Both are driven in turn by the same load generator over 32 kept-alive connections. Budget: design §6.
import { ServerProcess } from "../e2e/server-process.ts";
import { inTurn, measure, startPeer, verdict } from "./kit.ts";

await using server = await ServerProcess.start();
const { paywalls } = await server.demo();
const full = `http://127.0.0.1:${server.port}/api/v1/paywall/${paywalls.app.id}/bootstrap`;
const { version } = (await (await fetch(full)).json()) as { version: string };

let worst = Number.POSITIVE_INFINITY;
for (const [name, url] of [
  ["full", full],
  ["unchanged", `${full}?if_version=${encodeURIComponent(version)}`],
] as const) {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  await using peer = await startPeer("ready-bytes", [bytes.toString("base64")]);
  const { a: ours, b: bare } = await inTurn(
    3,
    () => measure(server.pid, { url }),
    () => measure(peer.pid, { url: peer.url }),
  );
  const ratio = ours.requestsPerSecond / bare.requestsPerSecond;
  worst = Math.min(worst, ratio);
  console.log(
    `${name} (${bytes.length} bytes): ${ours.requestsPerSecond.toFixed(0)}/s against ${bare.requestsPerSecond.toFixed(0)}/s = ${ratio.toFixed(2)}; ` +
      `CPU per request ${ours.cpuMicrosPerRequest.toFixed(1)} µs against ${bare.cpuMicrosPerRequest.toFixed(1)} µs; errors ${ours.errors}`,
  );
}
verdict("bootstrap against bare node:http", worst, { atLeast: 0.6 });
