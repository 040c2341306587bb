import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { signUrl } from "../../../lib/signing/mod.ts";
import { folderWith } from "../../support/folder.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { ROOT } from "../../support/root.ts";

const EXAMPLES = `${ROOT}/examples`;
const SECRET = "a secret of more than 16 bytes";

/** Starts an example as a reader would, on a free port. */
async function start(name: string, args: string[], env: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, `${EXAMPLES}/${name}`, ...args], {
    env: { PATH, HOME, PORT: "0", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    void (async () => {
      for await (const chunk of child[name]) printed[name] += new TextDecoder().decode(chunk);
    })();
  }
  const url = await waitFor("the example to listen", () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${printed.stderr}`);
    return /Listening on (\S+)/.exec(printed.stdout)?.[1];
  });
  return {
    url,
    printed,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

describe("examples/apps_in_sqlite.ts", () => {
  test("takes apps from a database, as they are at each request", async () => {
    await using upstream = await startUpstream([respond("answer")]);
    await using folder = await folderWith();
    const path = folder.path("apps.sqlite");
    await using example = await start("apps_in_sqlite.ts", [path]);
    using database = new Database(path);
    const sign = (id: string, secret: string) =>
      signUrl(`${upstream.url}/v1/items`, { gateway: example.url, id, secret });
    const status = async (id: string, secret: string) =>
      (await fetch(await sign(id, secret))).status;

    expect(await status("web", SECRET)).toBe(401);
    database
      .query("INSERT INTO app VALUES (?, ?, NULL, ?, ?)")
      .run("web", SECRET, `${upstream.url}/v1/`, "Bearer from-the-database");
    const response = await fetch(await sign("web", SECRET));
    expect([response.status, await response.text()]).toEqual([200, "answer"]);
    expect(upstream.requests[0]?.all("authorization")).toEqual(["Bearer from-the-database"]);

    database.run(
      "UPDATE app SET previous_secret = secret, secret = 'the next secret, long enough'",
    );
    expect(await status("web", SECRET)).toBe(200);
    expect(await status("web", "the next secret, long enough")).toBe(200);
    database.run("UPDATE app SET previous_secret = NULL");
    expect(await status("web", SECRET)).toBe(400);
    database.run("DELETE FROM app");
    expect(await status("web", "the next secret, long enough")).toBe(401);
    expect(() => database.run("INSERT INTO app VALUES ('a', '', NULL, 'b', 'c')")).toThrow();
    await waitFor("the records", () => example.printed.stdout.includes('"app_unknown"'));
    expect(example.printed.stdout + example.printed.stderr).not.toContain("from-the-database");
    expect(example.printed.stderr).toBe("");
  });

  test("tells the program, and not the client, when the database fails", async () => {
    await using folder = await folderWith();
    const path = folder.path("apps.sqlite");
    await using example = await start("apps_in_sqlite.ts", [path]);
    using database = new Database(path);
    database.run("DROP TABLE app");
    const options = { gateway: example.url, id: "web", secret: SECRET };
    const response = await fetch(await signUrl("https://a.example/", options));
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.not.stringMatching(/sqlite|table/i),
    ]);
    await waitFor("the error", () => example.printed.stderr.includes("no such table"));
  });
});

describe("examples/inside_a_bun_server.ts", () => {
  const env = (upstream: string, quota = 1000) => ({
    SW_SECRET: SECRET,
    OPENAI_API_KEY: "sk-canary",
    UPSTREAM: upstream,
    QUOTA_BYTES: String(quota),
  });

  test("answers its own routes and hands the rest to the gateway", async () => {
    await using upstream = await startUpstream([respond("answer")]);
    await using example = await start("inside_a_bun_server.ts", [], env(upstream.url));
    const usage = async () => await (await fetch(`${example.url}usage`)).json();
    expect(await usage()).toEqual({});
    expect((await fetch(example.url)).status).toBe(400);
    const options = { gateway: example.url, id: "web", secret: SECRET, method: "POST" };
    const url = await signUrl(`${upstream.url}/chat`, options);
    const response = await fetch(url, { method: "POST", body: "question" });
    expect([response.status, await response.text()]).toEqual([200, "answer"]);
    expect(upstream.requests[0]?.all("authorization")).toEqual(["Bearer sk-canary"]);
    expect(await usage()).toEqual({ web: "question".length + "answer".length });
    expect(example.printed.stdout + example.printed.stderr).not.toContain("canary");
  });

  test("refuses with 429 when the quota of an app is used up, in a way that a page can read", async () => {
    await using upstream = await startUpstream([respond("0123456789")]);
    await using example = await start("inside_a_bun_server.ts", [], env(upstream.url, 20));
    const options = { gateway: example.url, id: "web", secret: SECRET };
    const ask = async (secret = SECRET) =>
      await fetch(await signUrl(`${upstream.url}/`, { ...options, secret }), {
        headers: { Origin: "https://app.example" },
      });
    expect(await (await ask()).text()).toBe("0123456789");
    expect(await (await ask()).text()).toBe("0123456789");
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(await refused.json()).toEqual({ error: "The quota is used up." });
    expect(upstream.requests).toHaveLength(2);
    // Nobody else learns of it.
    expect((await ask("another secret of enough bytes")).status).toBe(400);
  });

  test("does not start without its secrets", async () => {
    const { SW_SECRET: _, ...rest } = env("https://a.example/");
    await expect(start("inside_a_bun_server.ts", [], rest)).rejects.toThrow("SW_SECRET");
  });
});

test("they are short, and import the library by its name", async () => {
  for (const name of ["apps_in_sqlite.ts", "inside_a_bun_server.ts"]) {
    const text = await Bun.file(`${EXAMPLES}/${name}`).text();
    expect(text.split("\n").length).toBeLessThan(70);
    expect(text).toContain('from "signway/gateway";');
    expect(text).not.toContain("../lib");
  }
});
