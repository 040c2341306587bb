import type { ConfigInput } from "../../../../lib/config/schema.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { type ConfiguredGateway, startConfigured } from "../../../support/configured_gateway.ts";
import { acceptsNewTokens } from "../limited_server.ts";

/** Gateways that share a ledger. */
export interface Fleet extends AsyncDisposable {
  gateways: readonly ConfiguredGateway[];
  /** The gateways in turn. */
  next: () => ConfiguredGateway;
}

/**
 * Starts gateways on one store, and waits until they accept tokens that count.
 *
 * @param ledger the setting
 * @param upstream the rules of the app
 * @param more settings of each gateway. Default: three gateways, one with two workers
 */
export async function startFleet(
  ledger: string,
  upstream: NonNullable<NonNullable<ConfigInput["app"]>[number]["upstream"]>,
  more: readonly Partial<ConfigInput>[] = [{}, {}, { workers: 2 }],
): Promise<Fleet> {
  const { id, secret } = CREDENTIAL;
  const app = [{ id, secrets: [secret], upstream }];
  const gateways = await Promise.all(
    more.map(async (settings) => {
      const gateway = await startConfigured({ ledger, app, ...settings });
      const count = typeof settings.workers === "number" ? settings.workers : 1;
      const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
      await waitFor("all workers", () => listening().length === count);
      return gateway;
    }),
  );
  await acceptsNewTokens();
  let turn = 0;
  return {
    gateways,
    next: () => gateways[turn++ % gateways.length]!,
    async [Symbol.asyncDispose]() {
      await Promise.all(gateways.map((gateway) => gateway.stop("SIGKILL")));
    },
  };
}
