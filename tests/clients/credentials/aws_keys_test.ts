import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { requirement } from "../../support/requirement.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { installBotocore, startVerifiers, type Verdict } from "./aws_stage.ts";
import { startKeyEndpoints } from "./key_endpoints.ts";

const python = await requirement("Python with botocore", installBotocore);
const LIFE_MS = 4000;
const stage = "reason" in python ? undefined : await startStage(python.value);
afterAll(() => stage?.[Symbol.asyncDispose]());

async function startStage(path: string) {
  const verifiers = await startVerifiers(path);
  const endpoints = startKeyEndpoints(LIFE_MS);
  const origin = `http://127.0.0.1:${verifiers.http}`;
  const aws = { region: "eu-west-1", service: "bedrock" };
  const gateway = await startConfigured(
    {
      app: [
        {
          id: CREDENTIAL.id,
          secrets: [CREDENTIAL.secret],
          upstream: [
            { url: `${origin}/container/`, aws: { ...aws, from: "container" } },
            { url: `${origin}/imds/`, aws: { ...aws, from: "imds" } },
          ],
        },
      ],
    },
    endpoints.env,
  );
  return {
    gateway,
    endpoints,
    host: `127.0.0.1:${verifiers.http}`,
    async [Symbol.asyncDispose]() {
      expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|AKID|AWS4-HMAC/);
      await gateway.stop();
      await endpoints[Symbol.asyncDispose]();
      await verifiers[Symbol.asyncDispose]();
    },
  };
}

const BEARER = `Authorization: Bearer ${granting({})}`;

async function ask(source: string) {
  const { gateway, host } = stage!;
  const path = `/${host}/${source}/x`;
  return plainExchange(gateway, "GET", path, { headers: [BEARER] });
}

describe.skipIf(!stage)("temporary keys", () => {
  test.each(["container", "imds"] as const)("of the %s: one fetch for 200", async (source) => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(source)));
    for (const { body } of answers) {
      expect((JSON.parse(body.toString()) as Verdict).mistake).toBeNull();
    }
    expect(stage!.endpoints.given[source]).toBe(1);
  });

  test("are refreshed before they expire, and no request fails", async () => {
    const { endpoints } = stage!;
    const until = Date.now() + 2 * LIFE_MS;
    while (Date.now() < until) {
      const [container, imds] = await Promise.all([ask("container"), ask("imds")]);
      expect([container!.status, imds!.status]).toEqual([200, 200]);
    }
    expect(endpoints.given.container).toBeGreaterThan(1);
    expect(endpoints.given.imds).toBeGreaterThan(1);
  });

  test("that cannot be had are 502, and the log says why", async () => {
    const { endpoints, gateway } = stage!;
    endpoints.isBroken = true;
    await Bun.sleep(LIFE_MS);
    const response = await ask("imds");
    expect([response.status, problemOf(response)["code"]]).toEqual([502, "credential_unavailable"]);
    const warning = await waitFor("a warning", () =>
      gateway.lines().find(({ code, credential }) => credential === "aws imds" && code),
    );
    expect(warning).toMatchObject({ code: "credential_unavailable", reason: "status 500" });
  });
});
