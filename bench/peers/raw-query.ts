// The least a server can do for user-state: run the same prepared statement for each request and send its row.
import { createServer } from "node:http";
import pg from "pg";

type Given = { text: string; values: (string | { hex: string })[] };

const [connectionString = "", given = "{}"] = process.argv.slice(2);
const { text, values } = JSON.parse(given) as Given;
const parameters = values.map((value) => (typeof value === "string" ? value : Buffer.from(value.hex, "hex")));
const pool = new pg.Pool({ connectionString, max: 16 });
const server = createServer(async (_request, response) => {
  const { rows } = await pool.query({ name: "q", text, values: parameters });
  const body = JSON.stringify(rows);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}/`);
});
