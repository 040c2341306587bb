import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({
  args: ["--upstream", upstream.url, "--max-signed-body", "10"],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const LONG = "longer than ten bytes";
const signLong = { body: LONG, headers: { "content-length": String(LONG.length) } };
const sign = (options = {}): string =>
  signedTarget(gateway.url, `${upstream.url}/`, { method: "POST", ...options });
const head = (path: string, value: string): Buffer =>
  requestBytes("POST", path, { headers: [`Expect: ${value}`, `Content-Length: ${LONG.length}`] });

describe("Expect: 100-continue", () => {
  test.each([
    ["with a bad signature gets 400", () => sign({ secret: "not the secret" }), 400],
    ["with a body over the limit gets 413", () => sign(signLong), 413],
  ])("%s, the body unsent", async (_, path, status) => {
    using client = await connect(gateway.port);
    await client.write(head(path(), "100-continue"));
    expect((await client.response()).status).toBe(status);
    expect(upstream.connections).toHaveLength(0);
  });

  test("is not forwarded", async () => {
    using client = await connect(gateway.port);
    await client.write(head(sign(), "100-continue"));
    await client.write(LONG);
    expect((await client.response()).status).toBe(200);
    expect(upstream.requests.at(-1)?.all("expect")).toEqual([]);
    expect(upstream.requests.at(-1)?.body.toString()).toBe(LONG);
  });
});

describe("Expect with another value hangs nothing and is not forwarded", () => {
  test.each(["nonsense", "200-ok", "100-continue, nonsense", ""])("%j", async (value) => {
    const before = upstream.requests.length;
    using client = await connect(gateway.port);
    await client.write(head(sign(), value));
    await client.write(LONG);
    const { status } = await client.response();
    expect([200, 400, 417]).toContain(status);
    expect(upstream.requests).toHaveLength(before + (status === 200 ? 1 : 0));
    expect(upstream.requests.slice(before).flatMap((request) => request.all("expect"))).toEqual([]);
  });
});
