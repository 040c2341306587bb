import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream: [{ url: upstream.url }] }],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none" }],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The status, the code of a refusal, and the bytes that reached the upstream, decoded. */
async function send(target: string) {
  const before = upstream.requests.length;
  const request = `GET ${target} HTTP/1.1\r\nHost: gateway.test\r\n\r\n`;
  const response = parseResponse(await exchange(gateway.port, request));
  const sent = upstream.requests.slice(before).map(({ startLine }) => startLine.split(" ")[1]!);
  const { code } = response?.status === 200 ? {} : JSON.parse(String(response?.body ?? "{}"));
  return { status: response?.status, code, sent: sent.map(toBytes) };
}

/** The bytes that a target stands for. */
function toBytes(target: string): string {
  return target.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

const MALFORMED: [string, string][] = [
  ...Array.from({ length: 128 }, (_, i): [string, string] => {
    const byte = String.fromCharCode(128 + i);
    return [`0x${(128 + i).toString(16)}`, byte];
  }),
  ["0x94 in a word", "lo\x94gin"],
  ["half of é", "caf\xc3"],
  ["half of a character and a letter", "\xe2\x82a"],
  ["an overlong slash", "..\xc0\xafa"],
  ["an overlong dot", "\xe0\x80\xae"],
  ["half of a surrogate pair", "\xed\xa0\x80"],
  ["beyond the last character", "\xf4\x90\x80\x80"],
  ["five bytes", "\xf8\x88\x80\x80\x80"],
  ["é, and half of it", "\xc3\xa9\xc3"],
];

describe("bytes that are not UTF-8 are refused, not replaced", () => {
  test.each(MALFORMED)("%s", async (_, odd) => {
    const refused = { status: 400, code: "request_malformed", sent: [] };
    expect(await send(`/open/${odd}x`)).toEqual(refused);
    expect(await send(`/open/x?q=${odd}x`)).toEqual(refused);
    expect(await send(`/${odd}x`)).toEqual(refused);
  });

  test.each(MALFORMED)("%s in a signed URL", async (_, odd) => {
    const path = signedTarget(gateway.url, `${upstream.url}/x?q=canary`);
    expect((await send(path.replace("canary", `${odd}x`))).code).toBe("signature_mismatch");
    expect((await send(path.replace("/?", `/${odd}x?`))).code).toBe("request_malformed");
  });
});

describe("bytes that are UTF-8 reach the upstream, percent-encoded", () => {
  test.each(["caf\xc3\xa9", "\xe4\xbd\xa0", "\xf0\x9f\x94\x91", "\xef\xbf\xbc"])(
    "%j",
    async (odd) => {
      const target = `/open/${odd}?q=${odd}`;
      expect(await send(target)).toMatchObject({ status: 200, sent: [target] });
    },
  );
});

describe("U+FFFD itself", () => {
  test("is no sign of replaced bytes where it is encoded in small letters", async () => {
    const target = "/open/%ef%bf%bd?q=%ef%bf%bd";
    expect(await send(target)).toMatchObject({ status: 200, sent: [toBytes(target)] });
  });

  test("may stand in a target that was signed", async () => {
    const path = signedTarget(gateway.url, `${upstream.url}/x?q=\ufffd`);
    const sent = ["/x?q=\xef\xbf\xbd"];
    expect(await send(path)).toMatchObject({ status: 200, sent });
  });
});
