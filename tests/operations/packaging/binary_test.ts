import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { findSource } from "../../../build/source.ts";
import packageJson from "../../../package.json";
import { openSigned } from "../../support/by_path.ts";
import { builtDist } from "../../support/dist.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { childrenOf } from "../../support/processes.ts";
import { type RawClient } from "../../support/raw_client.ts";
import { waitFor } from "../../support/wait_for.ts";

// The runtime's own limit of concurrent fetches is 256 a process.
const STREAMS = 600;
const dist = await builtDist();
const BINARIES = process.arch === "x64" ? ["amd64", "amd64-baseline"] : ["arm64"];

describe.each(BINARIES)("signway-linux-%s", (name) => {
  const binary = `${dist}/signway-linux-${name}`;

  test("tells its version, its commit and Bun's version", async () => {
    const { commit } = await findSource();
    const text = `signway ${packageJson.version} (commit ${commit}, Bun ${Bun.version})\n`;
    expect(await Bun.$`${binary} --version`.text()).toBe(text);
  });

  test.each([1, 2])(`carries ${STREAMS} streams at once with %i workers`, async (workers) => {
    await using feed = await startEventFeed();
    const args = ["--upstream", feed.url, "--workers", String(workers)];
    await using gateway = await startGateway({ command: [binary], args });
    expect((await childrenOf(gateway.pid)).length).toBe(workers === 1 ? 0 : workers);
    const clients: RawClient[] = [];
    await inParallel(STREAMS, 50, async (number) => {
      clients.push(await openSigned(gateway, `${feed.url}/${number}`));
    });
    const all = (what: string): Promise<unknown> =>
      waitFor(what, () => clients.every((client) => client.received().includes(what)), 30_000);
    await all("hello");
    expect(feed.open.size).toBe(STREAMS);
    feed.publish("to everyone");
    await all("to everyone");
    feed.finish();
    await waitFor("the records", () => gateway.records().length === STREAMS);
    expect(new Set(gateway.records().map(({ outcome }) => outcome))).toEqual(new Set(["complete"]));
    for (const client of clients) client.socket.destroy();
    expect(await gateway.stop()).toBe(0);
  });

  test("takes nothing from the folder that it is started in", async () => {
    await using folder = await folderWith({
      ".env": "PORT=1\nSW_ID=other\n",
      "bunfig.toml": 'preload = ["./preload.js"]\n',
      "preload.js": 'console.log("preloaded");',
    });
    const script = `cd "$1" && exec "$2" health`;
    const run = await Bun.$`sh -c ${script} sh ${folder.path(".")} ${binary}`.quiet().nothrow();
    expect(run.stdout.toString()).not.toContain("preloaded");
    expect(run.stderr.toString()).not.toContain(":1/");
    expect(run.stdout.toString() + run.stderr.toString()).toContain("http://127.0.0.1:3000/");
  });
});
