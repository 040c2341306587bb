import { afterAll, expect, test } from "bun:test";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature, SIGNED } from "../../support/header_signature.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange } from "../../support/signed_exchange.ts";

const QUERY = "model=dear";
const BODY = '{"model":"cheap"}';
const FIELDS = ["PATH_INFO", "REQUEST_METHOD"];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  policy: [{ name: "cheap", body: { schema: { properties: { model: { const: "cheap" } } } } }],
  route: [FIELDS, [...FIELDS, "QUERY_STRING"]].map((fields) => ({
    path: `/${fields.length}/`,
    upstream: upstream.url,
    signature: { ...SIGNED, fields },
    policy: ["cheap"],
  })),
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

test.each([
  [2, 403],
  [3, 200],
])(
  "a query beside a body policy, with %i fields in the signature, gets %i",
  async (count, status) => {
    const signature = headerSignature([`/${count}/x`, "POST", QUERY].slice(0, count));
    const headers = [`Signature: ${signature}`, "Content-Type: application/json"];
    const options = { headers, body: BODY };
    const response = await plainExchange(gateway, "POST", `/${count}/x?${QUERY}`, options);
    expect(response.status).toBe(status);
  },
);
