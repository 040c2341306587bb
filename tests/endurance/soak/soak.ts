import { freePort } from "../../support/free_port.ts";
import { createRandom } from "../../support/random.ts";
import { createClient } from "./client.ts";
import { BUDGET, type Fleet, PLACES, startFleet } from "./fleet.ts";
import { floodInTurns, type FloodTally } from "./floods.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Sample } from "./memory.ts";
import { makePlan } from "./plan.ts";
import { findRemains } from "./remains.ts";
import { startSoakUpstream } from "./upstream.ts";

/** How long, how and with which chances. */
export interface SoakOptions {
  seconds: number;
  seed: number;
  workers: number;
}

/** What came of it. */
export interface SoakResult {
  ledger: Ledger;
  fleet: Fleet;
  /** Memory of the gateway that ran undisturbed to the end. */
  samples: Sample[];
  flooding: FloodTally;
  complaints: string[];
}

const CLIENTS = 64;
const MAX_EXCHANGES = 1_000_000;
// Longer than every limit that the gateway is started with.
const SETTLING_MS = 6_000;

/**
 * Drives mixed traffic against a gateway, and floods of unverified requests beside it. In the first half processes are ended and replaced; the
 * second half runs undisturbed, so that memory can be judged.
 */
export async function runSoak({ seconds, seed, workers }: SoakOptions): Promise<SoakResult> {
  const ledger = createLedger();
  const steady = await startSoakUpstream(ledger);
  const rude = await startSoakUpstream(ledger);
  const fleet = await startFleet(workers, ledger);
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const targets = { gateway: fleet.current, upstream: steady.url, rude: rude.url, nobody };
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const samples: Sample[] = [];
  let number = 0;

  async function client(index: number): Promise<void> {
    const random = createRandom(seed + index);
    const { exchange, leave } = createClient(ledger, targets);
    while (elapsed() < seconds && number < MAX_EXCHANGES) {
      await exchange(makePlan(seed, ++number));
      await Bun.sleep(random.below(200));
    }
    leave();
  }

  async function disturber(): Promise<void> {
    const random = createRandom(seed);
    while (elapsed() < seconds / 2) {
      await Bun.sleep(1000 + random.below(4000));
      if (elapsed() < seconds / 2) await fleet.disturb(random);
    }
  }

  async function sampler(): Promise<void> {
    await Bun.sleep((seconds / 2) * 1000 + 500);
    while (elapsed() < seconds) {
      samples.push({ at: elapsed(), bytes: await fleet.memory() });
      await Bun.sleep(250);
    }
  }

  try {
    const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
    const attack = floodInTurns(ledger, targets, createRandom(seed), () => seconds - elapsed());
    const [flooding] = await Promise.all([attack, ...clients, disturber(), sampler()]);
    const isBusy = (): boolean => steady.busy() + rude.busy() > 0;
    const patience = performance.now() + SETTLING_MS;
    while (isBusy() && performance.now() < patience) await Bun.sleep(100);
    const left = steady.busy() + rude.busy();
    const limits = { workers, places: PLACES * workers, budget: BUDGET };
    const remains = await findRemains(fleet.current(), limits);
    await fleet.stop();
    const complaints = [...remains, ...fleet.complaints, ...steady.complaints, ...rude.complaints];
    if (left > 0) complaints.push(`${left} exchanges stayed open at the upstream`);
    return { ledger, fleet, samples, flooding, complaints };
  } finally {
    fleet.current().kill("SIGKILL");
    await Promise.all([steady.stop(), rude.stop()]);
  }
}
