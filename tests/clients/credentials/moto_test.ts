import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { requirement } from "../../support/requirement.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { installMoto, startMoto } from "./moto.ts";
import { bytesOf, KEYS, QUERIES, sha256, streamOf } from "./s3_requests.ts";

const python = await requirement("Python with moto", installMoto);
const stage = "reason" in python ? undefined : await start(python.value);
afterAll(() => stage?.[Symbol.asyncDispose]());

async function start(path: string) {
  const moto = await startMoto(path);
  const aws = { region: "eu-west-1", service: "s3", ...moto.keys };
  const wrong = { ...aws, secret_access_key: "another" };
  const gateway = await startConfigured({
    app: [
      {
        id: CREDENTIAL.id,
        secrets: [CREDENTIAL.secret],
        upstream: [
          { url: `http://${moto.host}/bucket/wrong/`, aws: wrong },
          { url: `http://${moto.host}/`, aws },
        ],
      },
    ],
  });
  return {
    gateway,
    moto,
    async [Symbol.asyncDispose]() {
      const written = gateway.stdout() + gateway.stderr();
      for (const secret of Object.values(moto.keys)) expect(written).not.toContain(secret);
      await gateway.stop();
      await moto[Symbol.asyncDispose]();
    },
  };
}

function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${granting({})}` };
  return fetch(`${stage!.gateway.url}/${stage!.moto.host}/bucket${path}`, { ...init, headers });
}

describe.skipIf(!stage)("moto", () => {
  test("refuses a request without a signature, and one with another secret", async () => {
    const unsigned = await fetch(`http://${stage!.moto.host}/bucket?list-type=2`);
    expect(unsigned.ok).toBe(false);
    const wrong = await send("/wrong/key");
    expect([wrong.status, await wrong.text()]).toEqual([
      403,
      expect.stringContaining("SignatureDoesNotMatch"),
    ]);
  });

  test.each(KEYS)("accepts the signature for an object at %s", async (path, key) => {
    const body = `the body of ${key}`;
    expect((await send(`/keys/${path}`, { method: "PUT", body })).status).toBe(200);
    expect(await (await send(`/keys/${path}`)).text()).toBe(body);
    expect((await send(`/keys/${path}`, { method: "HEAD" })).status).toBe(200);
    expect((await send(`/keys/${path}`, { method: "DELETE" })).status).toBe(204);
    expect((await send(`/keys/${path}`)).status).toBe(404);
  });

  test.each(QUERIES)("accepts the signature for the query %s", async (query) => {
    expect((await send(`?${query}`)).status).toBe(200);
  });

  test("accepts large bodies, of known length and in chunks", async () => {
    const bytes = bytesOf(6 * 2 ** 20);
    for (const body of [bytes, streamOf(bytes)]) {
      expect((await send("/large", { method: "PUT", body })).status).toBe(200);
      expect(sha256(await (await send("/large")).arrayBuffer())).toBe(sha256(bytes));
    }
  });
});
