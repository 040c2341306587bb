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
// With a write-ahead log, a writer never blocks the gateway.
database.run("PRAGMA journal_mode = WAL");
// Everybody knows an empty secret.
database.run(`CREATE TABLE IF NOT EXISTS app (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL CHECK (length(secret) >= 16),
  previous_secret TEXT CHECK (length(previous_secret) >= 16),
  upstream TEXT NOT NULL,
  authorization TEXT NOT NULL
) STRICT`);

const select = database.query<Row, [id: string]>("SELECT * FROM app WHERE id = ?");

// Called for each request, so that a changed or deleted row takes effect with the next one.
function findApp(id: string): App | undefined {
  const row = select.get(id);
  if (!row) return undefined;
  return {
    id,
    // Both verify: URLs signed with the previous secret stay valid while the backend changes over.
    secrets: [row.secret, row.previous_secret].filter((secret) => secret !== null),
    upstreams: [{ url: new URL(row.upstream), headers: [["Authorization", row.authorization]] }],
  };
}

const gateway = createGateway({
  sources: { findApp },
  observers: {
    onRecord: (record) => console.log(JSON.stringify(record)),
    // The client learns nothing about internal errors.
    onError: (error) => console.error(error),
  },
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
