import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const args = ["--upstream", upstream.url];
const plain = await startGateway({ args });
const explaining = await startGateway({ args: [...args, "--explain"] });

afterAll(async () => {
  for (const gateway of [plain, explaining]) await gateway.stop();
  await upstream.stop();
});

const target = `${upstream.url}/path?q=1`;
const MISMATCH = {
  headers: ["X-One: other"],
  sign: { headers: { "X-One": "1" } },
};

function signedBody(body: string) {
  return { body, headers: { "content-length": String(body.length) } };
}

describe("--explain", () => {
  test("shows what the gateway computed when the signature does not match", async () => {
    const response = await signedExchange(explaining, target, MISMATCH);
    expect(response.status).toBe(400);
    const problem = problemOf(response);
    expect(problem["code"]).toBe("signature_mismatch");
    const canonical = String(problem["canonical_request"]).split("\n");
    expect(canonical[0]).toBe("GET");
    expect(canonical[1]).toBe("/");
    expect(canonical[2]).toContain(`X-Sw-Proxy=${encodeURIComponent(target)}`);
    expect(canonical[2]).not.toContain("X-Sw-Signature");
    expect(canonical.slice(3)).toEqual(["x-one:other", "", "x-one", ""]);
  });

  test("the string to sign holds the hash of that very text", async () => {
    const problem = problemOf(await signedExchange(explaining, target, MISMATCH));
    const [algorithm, date, day, hash] = String(problem["string_to_sign"]).split("\n");
    expect(algorithm).toBe("SW1-HMAC-SHA256");
    expect(date?.slice(0, 8)).toBe(day as string);
    const canonical = String(problem["canonical_request"]);
    expect(hash).toBe(createHash("sha256").update(canonical).digest("hex"));
  });

  test.each([
    ["another method", "method_differs", { method: "POST", sign: { method: "PUT" } }],
    ["a changed header", undefined, MISMATCH],
    ["another secret", undefined, { sign: { secret: CREDENTIAL.secret.toUpperCase() } }],
    ["a secret with a line end", undefined, { sign: { secret: `${CREDENTIAL.secret}\n` } }],
    [
      "a body with a line end",
      "body_newline",
      { method: "POST", body: "a\n", sign: signedBody("a") },
    ],
  ])("names the mistake of %s, or none: %s", async (_, mistake, options) => {
    const response = await signedExchange(explaining, target, options);
    const problem = problemOf(response);
    expect(problem["code"]).toBe("signature_mismatch");
    expect(problem["mistake"]).toBe(mistake);
    expect(typeof problem["remedy"]).toBe(mistake ? "string" : "undefined");
    expect(response.body.toString()).not.toContain(CREDENTIAL.secret);
    expect(problemOf(await signedExchange(plain, target, options))["mistake"]).toBeUndefined();
  });

  test.each([
    ["a refusal for another reason", { sign: { expires: 1, now: new Date(0) } }],
    ["an unknown app", { sign: { id: "nobody" } }],
  ])("shows nothing of it for %s", async (_, options) => {
    const problem = problemOf(await signedExchange(explaining, target, options));
    expect(Object.keys(problem).sort()).not.toContain("canonical_request");
  });

  test("is off by default", async () => {
    const problem = problemOf(await signedExchange(plain, target, MISMATCH));
    const members = ["code", "detail", "error", "request_id", "status", "title", "type"];
    expect(Object.keys(problem).sort()).toEqual(members);
  });

  test("is named by a warning at the start", () => {
    const warned = (lines: { level: string; msg: string }[]): boolean =>
      lines.some((line) => line.level === "warn" && JSON.stringify(line).includes("explain"));
    expect(warned(explaining.lines())).toBe(true);
    expect(warned(plain.lines())).toBe(false);
  });
});
