import { type Gateway, startGateway } from "../../support/gateway.ts";
import type { Tally } from "./findings.ts";

/**
 * Starts a gateway, uses it and ends it in order. It may write nothing to stderr and has to end with 0.
 *
 * @returns the gateway that has ended, for its records
 */
export async function withGateway(
  tally: Tally,
  args: readonly string[],
  use: (gateway: Gateway) => Promise<void>,
): Promise<Gateway> {
  const gateway = await startGateway({ args: [...args, "--drain", "2"] });
  try {
    await use(gateway);
    const code = await Promise.race([gateway.stop(), Bun.sleep(8_000)]);
    if (code !== 0) tally.found(`the gateway ended with ${code ?? "nothing, it hung"}`, "");
    if (gateway.stderr()) tally.found("text on stderr", gateway.stderr().slice(0, 2000));
    return gateway;
  } finally {
    gateway.kill("SIGKILL");
  }
}
