// Every vector, in whatever runtime this is imported: no test framework, nothing but Web globals.
import { signRequest, signUrl } from "../../../lib/signing/mod.ts";
import {
  SignatureError,
  type HashName,
  verifyRequest,
  verifyUrl,
} from "../../../lib/signing/verify.ts";
import headerFile from "../../vectors/sasigning.json" with { type: "json" };
import type { Vector } from "../../unit/signing/published_urls.ts";
import urlFile from "../../vectors/sw1.json" with { type: "json" };
import { tokenChecks } from "./token_suite.ts";

/** What came of the vectors. */
export interface Report {
  passed: number;
  /** A line for each that failed. */
  failures: string[];
}

type HeaderCase = (typeof headerFile.cases)[number];

const NOW = new Date(urlFile.signedAt);
const WEB_HASHES = ["sha1", "sha256", "sha384", "sha512"];

/** Runs them all: URLs of the SDKs, cases that signUrl signs, header signatures, access tokens. */
export async function runSuite(): Promise<Report> {
  const report: Report = { passed: 0, failures: [] };
  const check = async (name: string, test: () => Promise<void>) => {
    try {
      await test();
      report.passed++;
    } catch (error) {
      report.failures.push(`${name}: ${error}`);
    }
  };
  for (const it of urlFile.cases as Vector[]) {
    for (const [sdk, url] of Object.entries(it.urls)) {
      await check(`${it.name} by ${sdk}`, () => verifyPublished(url, it));
    }
    await check(`${it.name} by signUrl`, () => signCase(it));
  }
  for (const it of headerFile.cases) await check(it.name, () => signHeader(it));
  for (const [name, test] of tokenChecks()) await check(name, test);
  return report;
}

/** Throws unless the URL verifies with the secret, and is refused with another. */
async function verifyPublished(url: string, it: Vector): Promise<void> {
  const { id, upstream } = await verify(url, it, it.secret);
  assertEqual(id, it.id);
  assertEqual(new URL(upstream).href, new URL(it.target).href);
  const refusal = await verify(url, it, `${it.secret}x`).catch((error) => error);
  assertEqual(refusal instanceof SignatureError && refusal.code, "signature_mismatch");
}

/** Throws unless the URL verifies, and says what the SDKs say where the three say the same. */
async function signCase(it: Vector): Promise<void> {
  const { gateway, id, secret, method, expires, headers = {}, body } = it;
  const options = { gateway, id, secret, method, expires, headers, now: NOW };
  const url = await signUrl(it.target, { ...options, ...(body !== undefined && { body }) });
  await verifyPublished(url, it);
  const published = new Set(Object.values(it.urls));
  if (published.size === 1) assertEqual(url, [...published][0]);
}

async function signHeader({ fields, values, secret, delimiter, hash, signature }: HeaderCase) {
  const request = { method: "GET", path: "/", query: "", headers: new Headers(), body: utf8("") };
  for (const [i, field] of fields.entries()) {
    const value = values[i] ?? "";
    if (field === "path" || field === "method") request[field] = value;
    else if (field === "QUERY_STRING") request.query = value;
    else if (field === "body") request.body = utf8(value);
    else request.headers.set(field.slice("HTTP_".length).replaceAll("_", "-"), value);
  }
  const scheme = { fields, delimiter, hash: hash as HashName };
  if (!WEB_HASHES.includes(hash)) {
    // WebCrypto has no such hash; it has to say so and not sign with another.
    const refusal = await signRequest(request, secret, scheme).catch((error) => error);
    return assertEqual(refusal instanceof TypeError, true);
  }
  assertEqual(await signRequest(request, secret, scheme), signature);
  assertEqual(await verifyRequest(request, signature, ["other", secret], scheme), true);
  assertEqual(await verifyRequest(request, signature, ["other"], scheme), false);
}

function verify(url: string, { method, headers = {}, body = "", id }: Vector, secret: string) {
  const bytes = utf8(body);
  const sent = new Headers(headers);
  sent.set("content-length", String(bytes.length));
  const request = {
    method,
    path: new URL(url).pathname,
    query: url.slice(url.indexOf("?") + 1),
    headers: sent,
    readBody: () => Promise.resolve(bytes),
  };
  const findSecrets = (asked: string) => (asked === id ? [secret] : undefined);
  return verifyUrl(request, { findSecrets, now: () => NOW.getTime() });
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function assertEqual(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${String(actual)} is not ${String(expected)}`);
}
