import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const OTHERS = ["TRACE", "get", "G%45T", "POST ", "GETS"];

async function statusOf(method: string, path: string): Promise<number | undefined> {
  const bytes = await exchange(gateway.port, requestBytes(method, path));
  return parseResponse(bytes, true, method)?.status;
}

describe("on the wire, a URL that is signed for one method is refused for another", () => {
  test.each(METHODS)("%s", async (method) => {
    const path = signedTarget(gateway.url, `${upstream.url}/`, { method });
    const before = upstream.requests.length;
    for (const other of [...METHODS, ...OTHERS]) {
      if (other === method) continue;
      const status = (await statusOf(other, path)) ?? 400;
      expect([other, status]).toEqual([other, status === 405 ? 405 : 400]);
    }
    expect(upstream.requests).toHaveLength(before);
    expect(await statusOf(method, path)).toBe(200);
    expect(upstream.requests).toHaveLength(before + 1);
  });
});
