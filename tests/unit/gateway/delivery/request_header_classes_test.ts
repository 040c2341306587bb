import { describe, expect, test } from "bun:test";
import { outboundRequestHeaders } from "../../../../lib/gateway/delivery/request_headers.ts";

const BASE = { "user-agent": "signway" };

const outbound = (
  inbound: HeadersInit,
  injected: readonly (readonly [string, string])[] = [],
  names: string[] = [],
) => outboundRequestHeaders(new Headers(inbound), injected, { signed: names }).toJSON();

describe("what only a proxy may say, or command, is sent only when signed", () => {
  const NAMES = [
    ..."Remote-User Remote-Groups X-Remote-User X-Remote-Extra-Scopes X-Auth-Request-Email".split(
      " ",
    ),
    ..."X-Original-Host X-Original-URL X-Original-URI X-Original-Method X-Rewrite-URL".split(" "),
    ..."X-Original-Forwarded-For X-Forwarded X-HTTP-Method X-HTTP-Method-Override".split(" "),
    ..."X-Middleware-Subrequest X-Middleware-Rewrite X-Invoke-Path X-Matched-Path".split(" "),
    ..."X-Envoy-Original-Path X-Envoy-Original-Dst-Host X-Envoy-Internal X-Accel-Mapping".split(
      " ",
    ),
    ..."X-Sendfile-Type L5d-Dst-Override X-Consumer-Username X-WEBAUTH-USER Ssl-Client-Verify".split(
      " ",
    ),
    ..."Client-Cert X-SSL-Client-S-DN X-Ms-Client-Principal-Id Tailscale-User-Login Via".split(" "),
    ..."X_Envoy_Original_Path Remote.User x~original~host CDN-Loop X-AppEngine-User-IP".split(" "),
  ];

  test.each(NAMES)("%s", (name) => {
    const lower = name.toLowerCase();
    expect(outbound({ [name]: "value", "X-Kept": "1" })).toEqual({ ...BASE, "x-kept": "1" });
    expect(outbound({ [name]: "value" }, [], [lower])).toEqual({ ...BASE, [lower]: "value" });
    expect(outbound({ [name]: "value" }, [[name, "injected"]])).toEqual({
      ...BASE,
      [lower]: "injected",
    });
  });

  test.each(["Proxy", "PROXY", "Available-Dictionary", "Dictionary-ID", "dictionary_id"])(
    "%s not even then",
    (name) => {
      expect(outbound({ [name]: "value" })).toEqual(BASE);
      expect(outbound({ [name]: "value" }, [], [name.toLowerCase()])).toEqual(BASE);
    },
  );

  // They look like those above, and are for the API.
  test.each([
    ..."X-Goog-Api-Key X-Ms-Version X-Amz-Date Fastly-Key CF-AIG-Authorization X-Client-Info".split(
      " ",
    ),
    ..."Remote X-Original X-Accelerate Sec-CH-UA X-User-Id Anthropic-Beta OpenAI-Organization".split(
      " ",
    ),
    ..."Proxied X-Proxy-Key Destination Idempotency-Key X-Stainless-Arch Early-Data From".split(
      " ",
    ),
  ])("%s passes", (name) => {
    expect(outbound({ [name]: "value" })).toEqual({ ...BASE, [name.toLowerCase()]: "value" });
  });
});

describe("what makes a storage read another object is sent only when the rule names it", () => {
  const NAMES = [
    ..."x-amz-copy-source x-amz-copy-source-range x-amz-copy-source-if-match".split(" "),
    ..."x-goog-copy-source x-ms-copy-source X_Ms_Copy_Source".split(" "),
  ];
  test.each(NAMES)("%s", (name) => {
    const headers = new Headers({ [name]: "/other/key" });
    const passing = (passed: string) =>
      outboundRequestHeaders(headers, [], { signed: [], isPassed: (name) => name === passed });
    expect(passing("x-other").toJSON()).toEqual(BASE);
    const hyphenated = name.toLowerCase().replaceAll("_", "-");
    expect(passing(hyphenated).get(name)).toBe("/other/key");
    expect(outbound({ [name]: "/other/key" }, [], [name.toLowerCase()])).toEqual(BASE);
  });
});
