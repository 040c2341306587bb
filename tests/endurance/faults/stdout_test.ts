import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { startEventFeed, type EventFeed } from "../../support/event_feed.ts";
import { openSigned } from "../../support/by_path.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL, type LogLine } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { PYTHON } from "../../support/notify_socket.ts";
import { memoryOf } from "../../support/processes.ts";
import { parsePrometheus } from "../../support/prometheus.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { type Folder, folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";

// The path of a target is in its line, which a pipe takes in one piece up to 4 kB. The lines of a flood are more
// than two workers keep.
const PATH_LENGTH = 3_500;
const REQUESTS = 1_500;
const MIB = 1024 * 1024;

let feed: EventFeed;
let folder: Folder;
beforeAll(async () => {
  feed = await startEventFeed();
  folder = await folderWith();
});
afterAll(async () => {
  await feed.stop();
  await folder[Symbol.asyncDispose]();
});

/** A pipe whose reader never reads, and its path. */
function openPipe(): { path: string; descriptor: number } {
  const path = folder.path(`pipe-${crypto.randomUUID()}`);
  Bun.spawnSync(["mkfifo", path]);
  return { path, descriptor: openSync(path, constants.O_RDWR) };
}

const NOT_BLOCKING = `
import os, sys
os.set_blocking(1, False)
os.execvp(sys.argv[1], sys.argv[1:])
`;

// A terminal whose other end is closed, as when its window is.
const GONE_TERMINAL = `
import os, pty, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
master, slave = pty.openpty()
os.dup2(slave, 1)
os.close(slave)
os.close(master)
os.execvp(sys.argv[1], sys.argv[1:])
`;

const python = "value" in PYTHON ? PYTHON.value : "python3";

/** Every stdout that takes few lines or none, and a command in front of the gateway's. */
const STDOUTS: [name: string, open: () => number | "ignore", before: string[]][] = [
  ["a full disk", () => openSync("/dev/full", "w"), []],
  ["a pipe that nobody reads", () => openPipe().descriptor, []],
  [
    "a pipe that nobody reads and that does not block",
    () => openPipe().descriptor,
    [python, "-c", NOT_BLOCKING],
  ],
  [
    "a pipe whose reader is gone",
    () => "ignore",
    ["bash", "-c", 'exec "$@" > >(exec true)', "bash"],
  ],
  ["a terminal that is gone", () => "ignore", [python, "-c", GONE_TERMINAL]],
];

async function start(stdout: number | "ignore", before: string[], args: string[]) {
  const [port, admin] = [await freePort(), await freePort()];
  const { id: SW_ID, secret: SW_SECRET } = CREDENTIAL;
  const { PATH = "" } = process.env;
  const listening = ["--host", "127.0.0.1", "--port", `${port}`, "--admin", `127.0.0.1:${admin}`];
  const child = Bun.spawn([...before, PROGRAM, "--upstream", feed.url, ...listening, ...args], {
    env: { PATH, SW_ID, SW_SECRET },
    stdio: ["ignore", stdout, "pipe"],
  });
  const url = `http://127.0.0.1:${port}`;
  const refused = url + signedTarget(url, `http://127.0.0.1:1/${"x".repeat(PATH_LENGTH)}`);
  await waitUntil("it to listen", () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  const metrics = await fetch(`http://127.0.0.1:${admin}/metrics`);
  parsePrometheus(await metrics.text());
  const lost = async () => {
    const response = await fetch(`http://127.0.0.1:${admin}/metrics`);
    const samples = parsePrometheus(await response.text());
    return samples.find(({ name }) => name === "signway_log_lines_lost_total")?.value;
  };
  const stderr = new Response(child.stderr).text();
  return {
    ...{ child, url, port, lost, stderr },
    flood: () => inParallel(REQUESTS, 32, async () => void (await fetch(refused)).body?.cancel()),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      if (typeof stdout === "number") closeSync(stdout);
    },
  };
}

describe.each(STDOUTS)("with %s for stdout", (_, open, before) => {
  test.each([1, 2])(
    "%i workers answer, lose lines and count them, and end with 0",
    async (workers) => {
      await using it = await start(open(), before, ["--workers", `${workers}`]);
      const memory = await memoryOf(it.child.pid);
      await it.flood();
      expect((await fetch(it.url)).status).toBe(400);
      expect(await it.lost()).toBeGreaterThan(0);
      if (workers === 1) expect((await memoryOf(it.child.pid)) - memory).toBeLessThan(100 * MIB);
      it.child.kill("SIGTERM");
      expect(await it.child.exited).toBe(0);
      expect(await it.stderr).toBe("");
    },
    60_000,
  );

  test.each([1, 2])(
    "%i workers end at once at the second signal",
    async (workers) => {
      await using it = await start(open(), before, ["--workers", `${workers}`, "--drain", "600"]);
      await it.flood();
      using stream = await openSigned(it, `${feed.url}/`);
      await waitFor("the first event", () => stream.received().includes("hello"));
      it.child.kill("SIGTERM");
      await waitUntil("the stop", () =>
        fetch(it.url).then(
          () => false,
          () => true,
        ),
      );
      it.child.kill("SIGTERM");
      expect(await it.child.exited).toBe(143);
      expect(await it.stderr).toBe("");
    },
    60_000,
  );
});

test("lost lines are reported in the log once they can be written again", async () => {
  const { path, descriptor } = openPipe();
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  await using it = await start(descriptor, [], ["--workers", "1"]);
  await it.flood();
  const lost = await it.lost();
  const chunks: Buffer[] = [];
  const read = (): void => {
    const buffer = Buffer.alloc(MIB);
    try {
      for (;;) chunks.push(Buffer.from(buffer.subarray(0, readSync(reader, buffer))));
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
    }
  };
  const lines = (): LogLine[] =>
    Buffer.concat(chunks)
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((text) => JSON.parse(text) as LogLine);
  await waitFor("the report", () => {
    read();
    return lines().some(({ code }) => code === "log_lines_lost");
  });
  expect(lines().find(({ code }) => code === "log_lines_lost")).toMatchObject({
    level: "warn",
    lines: lost,
  });
  it.child.kill("SIGTERM");
  expect(await it.child.exited).toBe(0);
  read();
  expect(lines().at(-1)).toMatchObject({ msg: "stopped" });
  closeSync(reader);
}, 60_000);
