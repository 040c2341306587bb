import { afterAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { signWithSecret } from "../../support/token_signer.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for tests, of 32 bytes.";

const upstream = await startUpstream([respond("ok")]);
const config: ConfigInput = {
  policy: [
    { name: "short", seconds: 1 },
    { name: "small", max_output_tokens: 800 },
  ],
  app: [
    {
      id: "web",
      secrets: [SECRET],
      upstream: [
        { url: upstream.url, provider: "openai" },
        { url: `${upstream.url}/short/`, policy: ["short"] },
      ],
    },
  ],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none" }],
};
const patient = await startConfigured(config);
const endless = await startConfigured({ ...config, upload_idle_timeout: 0 });
const brief = await startConfigured({ ...config, upload_idle_timeout: 0, max_duration: 1 });

afterAll(async () => {
  for (const gateway of [patient, endless, brief]) await gateway.stop();
  await upstream.stop();
});

const { host } = new URL(upstream.url);
const CHAT = `/${host}/v1/chat/completions`;

const bearer = (sw: object) => {
  const exp = Math.floor(Date.now() / 1000) + 60;
  return [`Authorization: Bearer ${signWithSecret(SECRET, { iss: "web", exp, sw })}`];
};
const signed = signedTarget(patient.url, `${upstream.url}/short/x`, {
  id: "web",
  secret: SECRET,
  method: "POST",
});

/** The path and the headers of a request whose exchange may last a second. */
const GRANTS: readonly (readonly [what: string, path: string, headers: string[]])[] = [
  ["of a token", CHAT, bearer({ seconds: 1 })],
  ["of a token's policy", CHAT, bearer({ policy: ["short"] })],
  ["of a rule's policy, by a token", `/${host}/short/x`, bearer({})],
  ["of a rule's policy, by a signed URL", signed, []],
  ["of a token, whose policy reads the body", CHAT, bearer({ seconds: 1, policy: ["small"] })],
];
const ANY: typeof GRANTS = [
  ["for a token", CHAT, bearer({})],
  ["for a token whose policy reads the body", CHAT, bearer({ policy: ["small"] })],
  ["for a route", "/open/x", []],
];

/** What becomes of a POST of which three bytes come. */
async function outcomeOf(
  port: number,
  path: string,
  headers: readonly string[],
  framing = "Content-Length: 100",
) {
  const lines = ["Host: gateway.test", "Content-Type: application/json", framing, ...headers];
  const start = framing.startsWith("Transfer") ? chunk('{"a') : '{"a';
  using client = await connect(port);
  await client.write(`POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${start}`);
  const response = await client.response("POST", 10_000);
  return [response.status, problemOf(response)["code"]];
}

const LATE = [408, "request_timeout"];

describe("a body that does not come ends with the time of its exchange:", () => {
  test.concurrent.each(GRANTS)("seconds %s", async (_, path, headers) => {
    expect(await outcomeOf(patient.port, path, headers)).toEqual(LATE);
  });

  test.concurrent.each(GRANTS)(
    "seconds %s, without upload_idle_timeout",
    async (_, path, headers) => {
      expect(await outcomeOf(endless.port, path, headers)).toEqual(LATE);
    },
  );

  test.concurrent.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
    "seconds of a token, with %s, which is sent as it comes",
    async (framing) => {
      const outcome = await outcomeOf(patient.port, CHAT, bearer({ seconds: 1 }), framing);
      expect(outcome).toEqual([504, "upstream_timeout"]);
    },
  );

  test.concurrent.each(ANY)("max_duration %s", async (_, path, headers) => {
    expect(await outcomeOf(brief.port, path, headers)).toEqual(LATE);
  });
});

test("no such body reached the upstream", () => {
  expect(upstream.requests).toEqual([]);
});
