import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const proxy = await startUpstream([respond("from the proxy")]);
const upstream = await startUpstream([respond("from the upstream")]);

afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

describe("proxies of the environment are ignored", () => {
  const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
  test.concurrent.each([...NAMES, ...NAMES.map((name) => name.toLowerCase())])(
    "%s",
    async (name) => {
      await using gateway = await startGateway({
        args: [
          ...["--upstream", upstream.url, "--upstream", `https://127.0.0.1:${upstream.port}`],
          ...["--head-timeout", "1"],
        ],
        env: { [name]: proxy.url },
      });
      const response = await signedExchange(gateway, `${upstream.url}/`);
      expect(response.body.toString()).toBe("from the upstream");
      // The upstream never answers a TLS handshake; it is asked for one, and the proxy is not.
      const connections = upstream.connections.length;
      const secure = await signedExchange(gateway, `https://127.0.0.1:${upstream.port}/`);
      expect(secure.status).toBe(504);
      expect(upstream.connections.length).toBeGreaterThan(connections);
      expect(proxy.connections).toHaveLength(0);
    },
  );
});
