import { afterAll, describe, expect, test } from "bun:test";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const KEY = "canary of the injected key";
const QUERY = "canary-of-the-query";

const authority = await createAuthority();
const certificate = await authority.issue();
const plain = await startUpstream([respond("answer")]);
const secure = createSecureServer({ ...certificate, allowHTTP1: true }, (_, response) =>
  response.end("answer"),
);
await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
const secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;

afterAll(async () => {
  await plain.stop();
  secure.close();
  await authority[Symbol.asyncDispose]();
});

/** Each way in which the environment asks the runtime to print what `fetch` sends. */
describe("the environment cannot make the gateway print requests:", () => {
  test.each(["curl", "1", "true"])("BUN_CONFIG_VERBOSE_FETCH=%s", async (value) => {
    await using gateway = await startGateway({
      args: [
        ...["--upstream", plain.url, "--upstream", secureUrl, "--header", `X-Key: ${KEY}`],
        ...["--upstream-ca", authority.caFile],
      ],
      env: { BUN_CONFIG_VERBOSE_FETCH: value },
    });
    // The second request to the https upstream goes by HTTP/2.
    for (const url of [plain.url, secureUrl, secureUrl]) {
      const { status } = await signedExchange(gateway, `${url}/?${QUERY}`);
      expect(status).toBe(200);
    }
    await gateway.stop();
    expect(gateway.stderr()).toBe("");
    for (const line of gateway.stdout().trim().split("\n")) expect(line).toStartWith("{");
    expect(gateway.stdout()).not.toContain("canary");
  });
});
