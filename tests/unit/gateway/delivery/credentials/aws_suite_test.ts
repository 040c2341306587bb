import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { canonicalRequest } from "../../../../../lib/gateway/delivery/credentials/aws/canonical_request.ts";
import {
  authorizationOf,
  sha256Hex,
} from "../../../../../lib/gateway/delivery/credentials/aws/signature.ts";
import { ROOT } from "../../../../support/root.ts";

const FOLDER = `${ROOT}/tests/vectors/aws4_testsuite`;
const SCOPE = { region: "us-east-1", service: "service", date: "20150830T123600Z" };
const KEYS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

const CASES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".req"))
  .map((path) => dirname(path))
  .sort();

/** The request of a case, as a client would send it, and what it should become. */
async function caseOf(name: string) {
  const read = (extension: string) =>
    readFileSync(`${FOLDER}/${name}/${basename(name)}.${extension}`, "utf8").replaceAll("\r", "");
  const [head = "", body = ""] = read("req").split("\n\n");
  const [startLine = "", ...lines] = head.split("\n").filter(Boolean);
  const [, method = "", target = ""] = /^(\S+) (.*) HTTP\/1\.1$/.exec(startLine) ?? [];
  const [path = "", query = ""] = target.split("?");
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    // RFC 9112, section 5.2: the line continues the one before.
    if (/^\s/.test(line) && last) last[1] += line;
    else headers.push([line.split(":", 1)[0]!, line.slice(line.indexOf(":") + 1)]);
  }
  const canonical = read("creq");
  const given = /^x-amz-security-token:(.*)$/m.exec(canonical)?.[1];
  const isSent = headers.some(([header]) => header.toLowerCase() === "x-amz-security-token");
  if (given !== undefined && !isSent) headers.push(["X-Amz-Security-Token", given]);
  const payloadHash = await sha256Hex(new TextEncoder().encode(body));
  const request = { method, path, query, headers, payloadHash };
  return { request, canonical, authorization: read("authz") };
}

describe("the test suite of AWS Signature Version 4", () => {
  test.each(CASES.map((name) => [name]))("%s", async (name) => {
    const { request, canonical, authorization } = await caseOf(name);
    expect(canonicalRequest(request, SCOPE.service).text).toBe(canonical);
    expect(await authorizationOf(request, SCOPE, KEYS)).toBe(authorization);
  });

  test("has all its cases", () => {
    expect(CASES).toHaveLength(34);
  });
});
