import { afterEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { amountsOf } from "../../../support/ledger/stage.ts";
import { waitUntil } from "../../../support/wait_until.ts";

const PROGRAM = `${import.meta.dirname}/../../../support/ledger/programs/fleet.ts`;

interface Line {
  worker?: number;
  pid?: number;
  reserved?: number;
  counters?: Parameters<typeof amountsOf>[0];
}

/** A supervisor with a ledger, and its two workers. */
class Fleet {
  readonly lines: Line[] = [];
  readonly #child;

  constructor(path?: string) {
    this.#child = Bun.spawn([process.execPath, PROGRAM, ...(path === undefined ? [] : [path])], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    void this.#read();
  }

  /** The workers that have taken their places so far. */
  get workers(): Line[] {
    return this.lines.filter(({ worker }) => worker !== undefined);
  }

  async started(count: number): Promise<Line[]> {
    await waitUntil(`${count} workers`, async () => this.workers.length >= count);
    return this.workers;
  }

  async amounts() {
    const before = this.lines.length;
    this.#child.stdin.write("read\n");
    this.#child.stdin.flush();
    await waitUntil("counters", async () => this.lines.slice(before).some((line) => line.counters));
    return amountsOf(this.lines.at(-1)!.counters!);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout) {
      const lines = `${rest}${new TextDecoder().decode(chunk)}`.split("\n");
      rest = lines.pop()!;
      this.lines.push(...lines.map((line) => JSON.parse(line) as Line));
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const fleets: Fleet[] = [];

function start(path?: string): Fleet {
  const fleet = new Fleet(path);
  fleets.push(fleet);
  return fleet;
}

afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.kill();
});

describe("with the ledger in the supervisor,", () => {
  test.each(["memory", "sqlite"])(
    "a worker that is killed is charged, and its places are free (%s)",
    async (store) => {
      const folder = await mkdtemp(join(tmpdir(), "signway-fleet-"));
      const fleet = start(store === "memory" ? undefined : join(folder, "ledger.db"));
      const [one] = await fleet.started(2);
      expect(await fleet.amounts()).toEqual({ concurrent: [0, 200], tokens: [0, 2_000] });
      process.kill(one!.pid!, "SIGKILL");
      // The worker that is started in its place gets all of the 100 places that it had.
      const workers = await fleet.started(3);
      expect(workers.map(({ reserved }) => reserved)).toEqual([100, 100, 100]);
      expect(await fleet.amounts()).toEqual({ concurrent: [0, 200], tokens: [1_000, 2_000] });
      await rm(folder, { recursive: true });
    },
  );

  test("a supervisor that is killed takes its workers along, and the next one charges them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "signway-fleet-"));
    const path = join(folder, "ledger.db");
    const fleet = start(path);
    const workers = await fleet.started(2);
    await fleet.kill();
    await waitUntil(
      "the end of the workers",
      async () => !workers.some(({ pid }) => isAlive(pid!)),
      2_000,
    );
    const next = start(path);
    expect((await next.started(2)).map(({ reserved }) => reserved)).toEqual([100, 100]);
    expect(await next.amounts()).toEqual({ concurrent: [0, 200], tokens: [2_000, 2_000] });
    await next.kill();
    await rm(folder, { recursive: true });
  });
});
