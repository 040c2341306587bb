import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:http2";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";

const upstream = await startUpstream([respond("ok")]);
const it = await startTlsGateway(["--upstream", upstream.url]);
const origin = `https://127.0.0.1:${it.gateway.port}`;

afterAll(async () => {
  await it[Symbol.asyncDispose]();
  await upstream.stop();
});

/** The status of a signed request over HTTP/2; `reset` when the stream is. */
function statusWith(authority: string): Promise<number | "reset"> {
  const session = connect(origin, { ca: it.authority.ca });
  const path = signedTarget(origin, `${upstream.url}/`);
  return new Promise((resolve) => {
    const request = session.request({ ":path": path, ":authority": authority });
    request.on("response", (headers) => resolve(Number(headers[":status"])));
    request.on("error", () => resolve("reset"));
    request.on("close", () => session.destroy());
    request.resume();
  });
}

describe("an :authority that is no host and port is refused, as a Host is", () => {
  test.each([
    ["an escape", "caf%CC%80"],
    ["combining marks", `a${"%CC%80".repeat(1000)}${"%CC%96".repeat(1000)}`],
    ["a letter outside ASCII", "b\u00fccher.example"],
    ["260 characters", "a".repeat(260)],
    ["a path", "a/b"],
    ["user info", "user@a"],
    ["a port past the last", "a:65536"],
  ])("%s", async (_, authority) => {
    expect([400, "reset"]).toContain(await statusWith(authority));
    expect(upstream.connections).toHaveLength(0);
  });

  test.each(["a.example", "127.0.0.1:443", `${"a".repeat(253)}:65535`])(
    "%s is one",
    async (name) => {
      expect(await statusWith(name)).toBe(200);
    },
  );
});
