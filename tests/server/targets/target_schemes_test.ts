import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--allow-private-upstreams"] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("a target that is neither http nor https is refused", () => {
  test.each([
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "data:text/plain,hello",
    "blob:http://127.0.0.1/0b5a6f3c",
    "s3://bucket/key",
    `wsx://127.0.0.1:${upstream.port}/`,
    `ftp://127.0.0.1:${upstream.port}/`,
    `unix://127.0.0.1:${upstream.port}/`,
    `gopher://127.0.0.1:${upstream.port}/`,
    "javascript:alert(1)",
    "about:blank",
    "mailto:a@b.test",
    `view-source:${upstream.url}/`,
    `://127.0.0.1:${upstream.port}/`,
    `//127.0.0.1:${upstream.port}/`,
    "/etc/passwd",
    "127.0.0.1",
    "",
    " ",
    "http://",
    "http:///",
    "https://%00/",
    "http://[::1",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:x/",
    "http://256.256.256.256/",
  ])("%j", async (target) => {
    const response = await signedExchange(gateway, target);
    expect(response.status).toBe(400);
    expect(["target_invalid", "parameter_malformed"]).toContain(
      problemOf(response)["code"] as string,
    );
    expect(upstream.connections).toHaveLength(0);
  });
});
