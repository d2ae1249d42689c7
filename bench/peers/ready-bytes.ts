// The fastest a Node server can answer these bytes: one handler, no routing, no framework.
import { createServer } from "node:http";

const [body = "", contentType = "application/json"] = process.argv.slice(2);
const bytes = Buffer.from(body, "base64");
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": contentType, "content-length": bytes.length });
  response.end(bytes);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}/`);
});
