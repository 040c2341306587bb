import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { appWith, type Reloading, SECRETS, startReloading } from "./reloading.ts";

setDefaultTimeout(30_000);

const start = (secret: string = SECRETS.old): Promise<Reloading> =>
  startReloading({
    files: (url, path) => ({
      key: SECRETS.old,
      "main.json": appWith(secret.replace("file:", `file:${path(".")}/`), url),
    }),
  });

/** What breaks it, and what the log has to say. */
type Row = [what: string, damage: (it: Reloading) => Promise<unknown>, mistake: RegExp];

const ROWS: Row[] = [
  [
    "a syntax error",
    (it) => it.write("main.json", `{"app": [{"secrets": ["${SECRETS.new}"\n}`),
    /main\.json: line 2, column \d+: /,
  ],
  ["an empty file", (it) => it.write("main.json", ""), /must contain a table of settings$/],
  [
    "a mistake",
    (it) => it.write("main.json", appWith(SECRETS.new, it.upstream.url, { drain: SECRETS.new })),
    /^drain must be /,
  ],
  [
    "an unset variable",
    (it) => it.write("main.json", appWith("${NOT_SET}", it.upstream.url)),
    /^app\[0\]\.secrets\[0\]: the environment variable NOT_SET is not set$/,
  ],
  [
    "an alias",
    (it) => it.write("main.json", `{"app": &a [], "route": *a}`),
    /main\.json: line 1, column \d+: /,
  ],
  ["an app that is nothing", (it) => it.write("main.json", { app: [null] }), /^app\[0\] must be /],
  ["no app at all", (it) => it.write("main.json", "{}"), /^there is no app and no route/],
  ["a symlink to itself", (it) => it.link("main.json", "main.json"), /cannot be read$/],
  ["no file", (it) => rm(it.path("main.json")), /does not exist$/],
];

describe("a configuration that is broken changes nothing but the log, and is loaded once mended:", () => {
  test.each(ROWS)("%s", async (_, damage, mistake) => {
    await using it = await start();
    await damage(it);
    const ignored = await it.reloads(1);
    expect(ignored).toMatchObject({ level: "error", msg: "configuration ignored" });
    expect((ignored["mistakes"] as string[])[0]).toMatch(mistake);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([200, 400]);

    await it.replace("main.json", appWith(SECRETS.new, it.upstream.url));
    expect(await it.reloads(2)).toMatchObject({ msg: "configuration loaded" });
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
    expect(it.gateway.stdout() + it.gateway.stderr()).not.toContain("canary");
  });

  test("a secret's file that is gone", async () => {
    await using it = await start("${file:key}");
    await rm(it.path("key"));
    expect(await it.reloads(1)).toMatchObject({ msg: "configuration ignored" });
    expect(await it.status(SECRETS.old)).toBe(200);
    await it.write("key", SECRETS.new);
    expect(await it.reloads(2)).toMatchObject({ msg: "configuration loaded" });
    expect(await it.status(SECRETS.new)).toBe(200);
  });

  test("a secret's file that is not there yet", async () => {
    await using it = await start();
    await it.write("main.json", appWith(`\${file:${it.path("later")}}`, it.upstream.url));
    expect(await it.reloads(1)).toMatchObject({ msg: "configuration ignored" });
    await it.write("later", SECRETS.new);
    expect(await it.reloads(2)).toMatchObject({ msg: "configuration loaded" });
    expect(await it.status(SECRETS.new)).toBe(200);
  });

  test("all mistakes at once", async () => {
    await using it = await start();
    await it.write("main.json", {
      lisen: 1,
      drain: -1,
      app: [{ id: "a", secrets: [SECRETS.old] }],
    });
    const { mistakes } = (await it.reloads(1)) as { mistakes?: string[] };
    expect(mistakes?.map((text) => text.split(" ")[0]).sort()).toEqual([
      "app[0].upstream",
      "drain",
      "lisen",
    ]);
  });
});

describe("what stays until a restart is said so:", () => {
  const LISTEN = { listen: "127.0.0.1:0" };
  const listening = (): Promise<Reloading> =>
    startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url, LISTEN) }),
      listens: true,
    });
  const warned = (it: Reloading) =>
    it.gateway.lines().filter(({ msg }) => msg === "a restart is needed");

  test("the address, while the rest takes effect", async () => {
    await using it = await listening();
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url, { listen: "127.0.0.1:1" }));
    expect(await it.reloads(1)).toMatchObject({ changed: [expect.stringContaining("changed")] });
    expect(warned(it)).toMatchObject([{ level: "warn", settings: ["listen"] }]);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
  });

  test("again at the next change, and no longer once it is taken back", async () => {
    await using it = await listening();
    const { url } = it.upstream;
    await it.write("main.json", appWith(SECRETS.old, url, { listen: "127.0.0.1:1" }));
    await it.reloads(1);
    await it.write("main.json", appWith(SECRETS.new, url, { listen: "127.0.0.1:1" }));
    await it.reloads(2);
    expect(warned(it)).toHaveLength(2);
    await it.write("main.json", appWith(SECRETS.new, url, LISTEN));
    await it.reloads(3);
    expect(warned(it)).toHaveLength(2);
  });
});
