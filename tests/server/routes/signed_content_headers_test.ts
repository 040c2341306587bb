import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature, SIGNED } from "../../support/header_signature.ts";

const BODY = '{"a":1}';
const TYPE = "application/json";

/** A signed field, its value for the request below, the header that it is, and how CGI reads it too. */
const FIELDS = [
  { field: "content_type", value: TYPE, name: "content-type", alike: "Content_Type" },
  { field: "CONTENT_TYPE", value: TYPE, name: "content-type", alike: "Content.Type" },
  {
    field: "CONTENT_LENGTH",
    value: String(BODY.length),
    name: "content-length",
    alike: "Content_Length",
  },
  { field: "HTTP_CONTENT_TYPE", value: TYPE, name: "content-type", alike: "content~type" },
  { field: "HTTP_X_KIND", value: "a", name: "x-kind", alike: "X_Kind" },
];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  route: FIELDS.map(({ field }) => ({
    path: `/${field}/`,
    upstream: upstream.url,
    signature: { ...SIGNED, fields: [field, "method"], delimiter: "$" },
  })),
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe.each(FIELDS)("a header that is signed as $field", ({ field, value, name, alike }) => {
  const post = (headers: string[]) =>
    plainExchange(gateway, "POST", `/${field}/`, {
      headers: [
        `Signature: ${headerSignature([value, "POST"], { delimiter: "$" })}`,
        `Content-Type: ${TYPE}`,
        "X-Kind: a",
        ...headers,
      ],
      body: BODY,
    });

  test("arrives alone, without what looks like it", async () => {
    const response = await post([`${alike}: 1`, `${alike.toUpperCase()}: 2`]);
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1)!;
    expect(request.all(name)).toEqual([value]);
    const folded = request.headers.map(([other]) => other.toLowerCase().replace(/[^a-z0-9]/g, "-"));
    expect(folded.filter((other) => other === name)).toHaveLength(1);
  });

  test.each(["%s", "close, %s", "X-A ,%s,"])(
    "cannot be taken away by Connection: %j",
    async (form) => {
      const before = upstream.requests.length;
      const response = await post([`Connection: ${form.replace("%s", name)}`]);
      expect(problemOf(response)).toMatchObject({ status: 400, code: "request_malformed" });
      expect(upstream.requests).toHaveLength(before);
    },
  );
});
