// A gateway whose apps are rows of a database: bun examples/apps_in_sqlite.ts [DATABASE]
import { Database } from "bun:sqlite";
import { argv, env } from "node:process";
import { type App, createGateway } from "signway/gateway";

interface Row {
  secret: string;
  previous_secret: string | null;
  upstream: string;
  authorization: string;
}

const database = new Database(argv[2] ?? "apps.sqlite");
// With a log of its own, a writer never keeps the gateway waiting.
database.run("PRAGMA journal_mode = WAL");
// A blank secret would be one that everybody knows.
database.run(`CREATE TABLE IF NOT EXISTS app (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL CHECK (length(secret) >= 16),
  previous_secret TEXT CHECK (length(previous_secret) >= 16),
  upstream TEXT NOT NULL,
  authorization TEXT NOT NULL
) STRICT`);

const select = database.query<Row, [id: string]>("SELECT * FROM app WHERE id = ?");

// Asked for each request, so that a row that was changed or deleted counts from the next one on.
function findApp(id: string): App | undefined {
  const row = select.get(id);
  if (!row) return undefined;
  return {
    id,
    // Both verify: URLs that the previous one signed stay good while the backend changes over.
    secrets: [row.secret, row.previous_secret].filter((secret) => secret !== null),
    upstreams: [{ url: new URL(row.upstream), headers: [["Authorization", row.authorization]] }],
  };
}

const gateway = createGateway({
  findApp,
  onRecord: (record) => console.log(JSON.stringify(record)),
  // The client is told nothing of what failed inside.
  onError: (error) => console.error(error),
});

const server = Bun.serve({
  port: env["PORT"] ?? 3000,
  development: false,
  fetch(request, server) {
    // The runtime's idle timeout would cut quiet streams.
    server.timeout(request, 0);
    return gateway(request);
  },
});
console.log(`Listening on ${server.url}`);
