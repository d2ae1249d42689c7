// The least a server can do for user-state: parse an address from the header, run one prepared query, send its row.
import { createServer } from "node:http";
import pg from "pg";

const [connectionString = "", text = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 16 });
const server = createServer(async (request, response) => {
  const { rows } = await pool.query({ name: "q", text, values: [request.headers["x-user-email"]] });
  const body = JSON.stringify(rows);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}/`);
});
