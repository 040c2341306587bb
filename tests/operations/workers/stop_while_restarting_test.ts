import { expect, test } from "bun:test";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { childrenOf } from "../../support/processes.ts";
import { waitFor } from "../../support/wait_for.ts";

const LONG_PAUSE_MS = 3200;

const linesOf = ({ lines }: Gateway, text: string) => lines().filter(({ msg }) => msg === text);

/** Kills workers as they come, until both wait for a long pause to be over. */
async function killUntilBothWait(gateway: Gateway): Promise<void> {
  const died = () => linesOf(gateway, "worker died");
  const longPauses = () => died().filter(({ restart_ms: ms }) => Number(ms) >= LONG_PAUSE_MS);
  while (longPauses().length < 2) {
    const [victim] = await childrenOf(gateway.pid);
    const count = died().length;
    if (victim !== undefined) process.kill(victim, "SIGKILL");
    await (victim === undefined
      ? Bun.sleep(20)
      : waitFor("its death", () => died().length > count));
  }
}

test("a stop does not wait for the pause before a worker's restart", async () => {
  await using gateway = await startGateway({ args: ["--workers", "2"] });
  await killUntilBothWait(gateway);
  const stopped = performance.now();
  expect(await gateway.stop()).toBe(0);
  expect(performance.now() - stopped).toBeLessThan(LONG_PAUSE_MS / 2);
}, 60_000);
