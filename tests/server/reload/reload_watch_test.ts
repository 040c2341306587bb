import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, rm } from "node:fs/promises";
import { appWith, type Reloading, SECRETS, startReloading } from "./reloading.ts";

setDefaultTimeout(30_000);

/** What is changed, the configuration's secret, the files that hold it, and the change. */
type Row = [
  what: string,
  secret: string,
  files: Record<string, string>,
  change: (it: Reloading, shape: (secret: string) => object) => Promise<unknown>,
];

const inFile = (path: string): string => `\${file:${path}}`;

const ROWS: Row[] = [
  [
    "the file, written in its place",
    SECRETS.old,
    {},
    (it, shape) => it.write("main.json", shape(SECRETS.new)),
  ],
  [
    "the file, by a rename as editors do it",
    SECRETS.old,
    {},
    (it, shape) => it.replace("main.json", shape(SECRETS.new)),
  ],
  [
    "the file, removed and written anew",
    SECRETS.old,
    {},
    async (it, shape) => {
      await rm(it.path("main.json"));
      await it.write("main.json", shape(SECRETS.new));
    },
  ],
  [
    "a secret's file, written in its place",
    inFile("key"),
    { key: `${SECRETS.old}\n` },
    (it) => it.write("key", `${SECRETS.new}\n`),
  ],
  [
    "a secret's file, by a rename",
    inFile("key"),
    { key: SECRETS.old },
    (it) => it.replace("key", SECRETS.new),
  ],
  [
    "a credential",
    "${credential:key}",
    { key: SECRETS.old },
    (it) => it.replace("key", SECRETS.new),
  ],
];

describe("a change is noticed and loaded:", () => {
  test.each(ROWS)("%s", async (_, secret, files, change) => {
    await using it = await startReloading({
      files: (url, path) => ({
        ...files,
        "main.json": appWith(secret.replace("file:", `file:${path(".")}/`), url),
      }),
    });
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([200, 400]);
    await change(it, (text) => appWith(text, it.upstream.url));
    const settled = await it.reloads(1);
    if (settled.msg === "configuration ignored") await it.reloads(2);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
    expect(it.gateway.stdout() + it.gateway.stderr()).not.toContain("canary");
  });

  // Orchestrators mount files behind a symlink to a folder, and switch that.
  test.each(["main.json", "key"])("a symlink to a folder, with %s in it", async (name) => {
    const secret = (url: string, path: (name: string) => string, which: string) => ({
      [`${which}/key`]: SECRETS[which as keyof typeof SECRETS],
      [`${which}/main.json`]: appWith(`\${file:${path("data/key")}}`, url),
    });
    await using it = await startReloading({
      files: (url, path) => ({
        ...secret(url, path, "old"),
        ...secret(url, path, "new"),
        "main.json": appWith("a placeholder of enough bytes", url),
      }),
    });
    await it.link("data", "old");
    await it.link(name, `data/${name}`);
    if (name === "key")
      await it.write("main.json", appWith(`\${file:${it.path("key")}}`, it.upstream.url));
    await it.reloads(1);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([200, 400]);
    const before = it.gateway.lines().length;
    await it.link("data", "new");
    await it.reloads(2);
    expect(it.gateway.lines().length).toBeGreaterThan(before);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
  });

  test("a secret's file that the first configuration did not name", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url), key: SECRETS.new }),
    });
    await it.write("main.json", appWith(`\${file:${it.path("key")}}`, it.upstream.url));
    await it.reloads(1);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([400, 200]);
    await it.write("key", SECRETS.old);
    await it.reloads(2);
    expect([await it.status(SECRETS.old), await it.status(SECRETS.new)]).toEqual([200, 400]);
  });

  test("once, and not again for having been read", async () => {
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
    });
    await it.write("main.json", appWith(SECRETS.new, it.upstream.url));
    await it.reloads(1);
    await Bun.file(it.path("main.json")).text();
    await mkdir(it.path("unrelated"));
    await Bun.sleep(1500);
    expect(it.gateway.lines().filter(({ msg }) => /^configuration/.test(msg))).toHaveLength(1);
  });
});
