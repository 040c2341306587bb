import { childrenOf, memoryOf } from "../../../support/processes.ts";
import { startConfigured } from "../../../support/configured_gateway.ts";
import { waitUntil } from "../../../support/wait_until.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { makeSocketPlan } from "./plan.ts";
import { talk } from "./talk.ts";
import { startPlannedUpstream } from "./upstream.ts";

/** What a run found. */
export interface SocketReport {
  sockets: number;
  /** How often each fault ended in each way. */
  ends: Record<string, number>;
  /** What should not have happened. */
  errors: string[];
}

const AT_ONCE = 48;
const LIMIT_BYTES = 600 * 1024 * 1024;

/** Drives WebSockets with faults through a gateway with two workers, of which one is killed on the way. */
export async function runSocketSoak(seconds: number, seed: number): Promise<SocketReport> {
  await using upstream = await startPlannedUpstream(seed);
  const url = upstream.url.replace("ws", "http");
  const { id, secret } = CREDENTIAL;
  const gateway = await startConfigured({
    workers: 2,
    ws_ping: 1,
    idle_timeout: 4,
    drain: 1,
    app: [{ id, secrets: [secret], upstream: [{ url }] }],
  });
  const ends: Record<string, number> = {};
  const errors: string[] = [];
  const open = new Set<number>();
  const excused = new Set<number>();
  const deadline = performance.now() + seconds * 1000;
  let count = 0;
  let isKilled = false;
  let isDying = false;

  /** Kills a worker. It may have accepted whatever is open until it is gone. */
  async function killWorker(): Promise<void> {
    const [worker] = await childrenOf(gateway.pid);
    for (const number of open) excused.add(number);
    isDying = true;
    process.kill(worker!, "SIGKILL");
    await waitUntil(
      "the end of a worker",
      async () => !(await childrenOf(gateway.pid)).includes(worker!),
    );
    isDying = false;
  }

  async function drive(): Promise<void> {
    while (performance.now() < deadline) {
      const plan = makeSocketPlan(seed, count++);
      open.add(plan.number);
      if (isDying) excused.add(plan.number);
      if (!isKilled && performance.now() > deadline - seconds * 500) {
        isKilled = true;
        await killWorker();
      }
      const end = await talk(gateway, url, plan).catch(
        (error: unknown) => `error: ${String(error)}`,
      );
      open.delete(plan.number);
      const key = `${plan.fault}: ${end}`;
      ends[key] = (ends[key] ?? 0) + 1;
      const isWrong = /^(wrong|error)/.test(end) && !excused.has(plan.number);
      if (isWrong) errors.push(`${plan.number} ${key}`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, drive));
  const pids = [gateway.pid, ...(await childrenOf(gateway.pid))];
  const sizes = await Promise.all(pids.map(memoryOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > LIMIT_BYTES) errors.push(`${bytes} bytes of memory`);
  // The last ones may still wait for a limit.
  await Bun.sleep(5000);
  const code = await gateway.stop();
  if (code !== 0) errors.push(`the gateway ended with ${code}`);
  if (gateway.stderr() !== "") errors.push(`stderr: ${gateway.stderr().slice(0, 500)}`);
  errors.push(...misrecorded(gateway.records(), count, excused));
  return { sockets: count, ends, errors };
}

function misrecorded(
  records: readonly Record<string, unknown>[],
  count: number,
  excused: ReadonlySet<number>,
): string[] {
  const counts = new Map<string, number>();
  const found: string[] = [];
  for (const { request_id, outcome } of records) {
    const id = String(request_id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
    if (outcome === "internal_error") found.push(`${id}: internal error`);
  }
  for (let number = 0; number < count; number++) {
    const records = counts.get(`sock-${number}`) ?? 0;
    if (records > 1 || (records === 0 && !excused.has(number))) {
      found.push(`${number} has ${records} records`);
    }
  }
  return found;
}
