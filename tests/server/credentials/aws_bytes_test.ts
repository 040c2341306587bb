import { afterAll, describe, expect, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import { startConfigured } from "../../support/configured_gateway.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { granting } from "../../support/minted.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange } from "../../support/signed_exchange.ts";

const SECRET_KEY = "a secret key of AWS for tests";
const S3_SERVICES = ["s3", "s3express", "s3-outposts", "s3-object-lambda"];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      upstream: [...S3_SERVICES, "lambda"].map((service) => ({
        url: `${upstream.url}/${service}/`,
        aws: {
          ...{ region: "eu-west-1", service },
          ...{ access_key_id: "AKID", secret_access_key: SECRET_KEY },
        },
      })),
    },
  ],
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/**
 * The signature that a server computes of the bytes that came, without any code of the product. A path is taken as it is, as S3 does.
 */
function signatureOf({ head, startLine, all }: HttpMessage) {
  const [, scope = "", names = "", sent = ""] =
    /Credential=AKID\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(
      all("authorization")[0]!,
    ) ?? [];
  const lines = head.split("\r\n");
  const valueOf = (name: string): string => {
    const line = lines.find((it) => it.toLowerCase().startsWith(`${name}:`))!;
    return line
      .slice(name.length + 1)
      .replace(/[ \t]+/g, " ")
      .replace(/^ | $/g, "");
  };
  const [method = "", target = ""] = startLine.split(" ");
  const headers = names.split(";").map((name) => `${name}:${valueOf(name)}`);
  const payload = valueOf("x-amz-content-sha256");
  const canonical = [method, target, "", ...headers, "", names, payload].join("\n");
  const hash = sha256(Buffer.from(canonical, "latin1"));
  const text = ["AWS4-HMAC-SHA256", valueOf("x-amz-date"), scope, hash].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${SECRET_KEY}`);
  return { sent, expected: hmac(key, text).toString("hex") };
}

async function ask(path: string, header: string): Promise<HttpMessage> {
  const headers = [`Authorization: Bearer ${granting({})}`, header];
  const host = new URL(upstream.url).host;
  const { status } = await plainExchange(gateway, "GET", `/${host}${path}`, { headers });
  expect(status).toBe(200);
  return upstream.requests.at(-1)!;
}

describe("the signature for AWS is that of the bytes that are sent:", () => {
  test.each([
    ["spaces and tabs", "X-A:  a \t b\t", "a b"],
    ["a byte of Latin-1", "X-A: caf\xe9", "caf\xe9"],
    ["UTF-8", "X-A: caf\xc3\xa9", "caf\xc3\xa9"],
    ["UTF-8 whose last byte is a space in Latin-1", "X-A: voil\xc3\xa0", "voil\xc3\xa0"],
    ["UTF-8 with such a byte inside", "X-A: \xc3\xa0 la carte", "\xc3\xa0 la carte"],
    ["a line break of Latin-1", "X-A: a\x85b", "a\x85b"],
  ])("%s", async (_, header, value) => {
    const request = await ask("/lambda/x", header);
    const { sent, expected } = signatureOf(request);
    expect(sent).toBe(expected);
    const [, line = ""] = /^x-a:(.*)$/im.exec(request.head) ?? [];
    expect(line.replace(/[ \t]+/g, " ").replace(/^ | $/g, "")).toBe(value);
  });

  test.each(S3_SERVICES)("the path of %s", async (service) => {
    const { sent, expected } = signatureOf(await ask(`/${service}/a%20b//%C3%A9`, "X-A: a"));
    expect(sent).toBe(expected);
  });
});
