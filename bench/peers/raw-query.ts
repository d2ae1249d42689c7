// The least a server can do to answer: run the same prepared statement for each request and send its row. With several
// sets of values, the next one each time. The statement is an argument, or in the file that `@path` names.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import pg from "pg";

type Value = string | number | string[] | null | { hex: string };
type Given = { text: string; values?: Value[]; all?: Value[][] };

const [connectionString = "", given = "{}"] = process.argv.slice(2);
const json = given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given;
const { text, values = [], all = [values] } = JSON.parse(json) as Given;
const sets = all.map((set) =>
  set.map((value) =>
    value !== null && typeof value === "object" && "hex" in value ? Buffer.from(value.hex, "hex") : value,
  ),
);
let turn = 0;
const pool = new pg.Pool({ connectionString, max: 16 });
const server = createServer(async (_request, response) => {
  const { rows } = await pool.query({ name: "q", text, values: sets[turn++ % sets.length] });
  const body = JSON.stringify(rows);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}/`);
});
