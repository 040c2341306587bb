import { type Gateway, startGateway } from "../../support/gateway.ts";
import { childrenOf, memoryOf } from "../../support/processes.ts";
import type { Random } from "../../support/random.ts";
import { disturb, type Ledger } from "./ledger.ts";

/** Concurrent exchanges of each worker: fewer than a flood has connections, and more than the clients have. */
export const PLACES = 100;

/** Bytes that each worker holds of unverified bodies. */
export const BUDGET = 16 * 1024 * 1024;

const LIMITS = [
  "--allow-private-upstreams",
  ...["--connect-timeout", "2"],
  ...["--head-timeout", "4"],
  ...["--idle-timeout", "4"],
  ...["--upload-idle-timeout", "4"],
  ...["--sse-heartbeat", "1"],
  ...["--drain", "2"],
  ...["--max-signed-body", String(BUDGET)],
  ...["--max-unverified-bytes", String(BUDGET)],
];

// Above the drain time.
const PATIENCE_MS = 8_000;

/** The gateway, which comes and goes. */
export interface Fleet {
  current: () => Gateway;
  /** How often each thing was done to it. */
  disturbances: Map<string, number>;
  /** Ends or replaces a process, as chance has it; the ledger knows when. */
  disturb: (random: Random) => Promise<void>;
  /** Memory of all processes of the current gateway, in bytes. */
  memory: () => Promise<number>;
  /** Ends the current gateway in order. */
  stop: () => Promise<void>;
  /** What a gateway wrote that it should not have, or how it ended otherwise than asked. */
  complaints: string[];
  /** How often the gateways' own records name each outcome. */
  outcomes: Map<string, number>;
}

/** Starts a gateway with so many workers. */
export async function startFleet(workers: number, ledger: Ledger): Promise<Fleet> {
  const places = ["--max-connections", String(PLACES * workers)];
  const start = () => startGateway({ args: [...LIMITS, ...places, "--workers", String(workers)] });
  let gateway = await start();
  const disturbances = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const complaints: string[] = [];
  const retiring: Promise<void>[] = [];

  function inspect(ended: Gateway): void {
    if (ended.stderr()) complaints.push(`stderr: ${ended.stderr().slice(0, 2000)}`);
    for (const { outcome, code, request_id } of ended.records()) {
      add(outcomes, String(outcome));
      const number = Number(String(request_id).replace("soak-", ""));
      ledger.entries.get(number)?.records.push(String(outcome));
      if (outcome === "internal_error") complaints.push(`internal error: ${request_id} ${code}`);
    }
  }

  async function retire(old: Gateway): Promise<void> {
    const code = await Promise.race([old.stop(), Bun.sleep(PATIENCE_MS)]);
    if (code === undefined)
      complaints.push("a gateway did not end after SIGTERM and its drain time");
    else if (code !== 0) complaints.push(`a gateway ended with ${code}`);
    if (code === undefined) await old.stop("SIGKILL");
    inspect(old);
  }

  async function restart(): Promise<void> {
    const old = gateway;
    gateway = await start();
    disturb(ledger);
    retiring.push(retire(old));
  }

  async function crash(): Promise<void> {
    const old = gateway;
    gateway = await start();
    disturb(ledger);
    await old.stop("SIGKILL");
    inspect(old);
  }

  async function killWorker(random: Random): Promise<void> {
    const pids = await childrenOf(gateway.pid);
    if (pids.length < workers) return;
    disturb(ledger);
    process.kill(random.pick(pids), "SIGKILL");
  }

  const deeds = { restart, ...(workers > 1 ? { killWorker } : { crash }) };
  return {
    current: () => gateway,
    disturbances,
    complaints,
    outcomes,
    async disturb(random) {
      const [name, deed] = random.pick(Object.entries(deeds));
      add(disturbances, name);
      await deed(random);
    },
    async memory() {
      const pids = [gateway.pid, ...(await childrenOf(gateway.pid))];
      const sizes = await Promise.all(pids.map(memoryOf));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async stop() {
      retiring.push(retire(gateway));
      await Promise.all(retiring);
    },
  };
}

/** Counts one more, or several. */
export function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
