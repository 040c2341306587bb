import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import type { App } from "../../../lib/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { type Embedded, embed } from "./embedded.ts";

const { id, secret } = CREDENTIAL;

/** A gateway whose apps are rows of a database. */
async function withDatabase() {
  const database = new Database(":memory:");
  database.run("CREATE TABLE app (id TEXT PRIMARY KEY, secret TEXT, upstream TEXT)");
  const insert = database.query("INSERT OR REPLACE INTO app VALUES (?, ?, ?)");
  const select = database.query<{ id: string; secret: string; upstream: string }, [string]>(
    "SELECT * FROM app WHERE id = ?",
  );
  const asked: string[] = [];
  const it = await embed({
    sources: {
      async findApp(id) {
        asked.push(id);
        await Bun.sleep(2);
        const row = select.get(id);
        if (!row) return undefined;
        const upstreams: App["upstreams"] = [
          { url: new URL(row.upstream), headers: [["X-App", id]] },
        ];
        return { id, secrets: [row.secret], upstreams };
      },
    },
  });
  const add = (id: string, secret: string) => insert.run(id, secret, it.upstream.url);
  add(id, secret);
  return { it, add, asked, database, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

test("apps from a client whose promises are its own are found", async () => {
  const upstreams: App["upstreams"][number][] = [];
  await using it = await embed({
    sources: {
      findApp: (id) => {
        const found = Promise.resolve({ id, secrets: [secret], upstreams });
        const then = found.then.bind(found);
        return { then } as unknown as typeof found;
      },
    },
  });
  upstreams.push({ url: new URL(it.upstream.url), headers: [["X-App", id]] });
  expect((await it.ask()).status).toBe(200);
});

describe("apps from an asynchronous database", () => {
  test("are looked up once for a signed request", async () => {
    await using db = await withDatabase();
    expect((await db.it.ask()).status).toBe(200);
    expect(db.it.upstream.requests[0]?.all("x-app")).toEqual([id]);
    expect(db.asked).toEqual([id]);
  });

  test("are looked up once for a preflight", async () => {
    await using db = await withDatabase();
    const headers = { Origin: "https://a.example", "Access-Control-Request-Method": "GET" };
    expect((await db.it.ask({ method: "OPTIONS", headers })).status).toBe(204);
    expect(db.asked).toEqual([id]);
  });

  test("are not looked up for what is not signed", async () => {
    await using db = await withDatabase();
    expect((await fetch(db.it.url)).status).toBe(400);
    expect(db.asked).toEqual([]);
  });

  test("hold from the next request on", async () => {
    await using db = await withDatabase();
    const status = async (sign: { id?: string; secret?: string }) =>
      (await db.it.ask({ sign })).status;
    expect(await status({ id: "new", secret: "s" })).toBe(401);
    db.add("new", "s");
    expect(await status({ id: "new", secret: "s" })).toBe(200);
    db.add("new", "t");
    expect(await status({ id: "new", secret: "s" })).toBe(400);
    expect(await status({ id: "new", secret: "t" })).toBe(200);
    db.database.run("DELETE FROM app WHERE id = 'new'");
    expect(await status({ id: "new", secret: "t" })).toBe(401);
  });

  test.each<[string, string[]]>([
    ["a blank one", [""]],
    ["a blank one beside another", ["", secret]],
    ["none", []],
  ])("let nobody in who has no secret, when they have %s", async (_, secrets) => {
    let it: Embedded | undefined;
    it = await embed({ sources: { findApp: () => Promise.resolve({ ...it!.app, secrets }) } });
    await using _it = it;
    expect((await it.ask({ sign: { secret: "" } })).status).not.toBe(200);
    expect(it.upstream.connections).toHaveLength(0);
  });

  test("are each their own, however many ask at once", async () => {
    await using db = await withDatabase();
    const ids = Array.from({ length: 40 }, (_, i) => `app/${i}`);
    for (const id of ids) db.add(id, `secret of ${id}`);
    const answers = await Promise.all(
      ids.map((id, i) =>
        db.it.ask({ sign: { id, secret: i % 2 ? "another" : `secret of ${id}` } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, i) => (i % 2 ? 400 : 200)));
    const seen = db.it.upstream.requests.flatMap((request) => request.all("x-app"));
    expect(seen.sort()).toEqual(ids.filter((_, i) => i % 2 === 0).sort());
  });

  test("decide by their own limits and origins", async () => {
    let it: Embedded | undefined;
    const limits = { maxExpires: 60, maxBody: 3, cors: { origins: ["https://app.example"] } };
    const findApp = async (): Promise<App> => ({ ...it!.app, ...limits });
    it = await embed({ sources: { findApp }, cors: { origins: ["https://other.example"] } });
    await using _it = it;
    const code = async (response: Promise<Response>) => {
      const { status, headers } = await response;
      return [status, headers.get("access-control-allow-origin")];
    };
    const headers = { Origin: "https://app.example" };
    const sign = { expires: 60 };
    expect(await code(it.ask({ headers, sign }))).toEqual([200, "https://app.example"]);
    expect(await code(it.ask({ headers }))).toEqual([400, "https://app.example"]);
    const post = { method: "POST", headers, sign };
    expect(await code(it.ask({ ...post, body: "abc" }))).toEqual([200, "https://app.example"]);
    expect(await code(it.ask({ ...post, body: "abcd" }))).toEqual([413, "https://app.example"]);
  });
});
