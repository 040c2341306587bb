import { afterAll, describe, expect, test } from "bun:test";
import { installPythonSdk } from "../python/python_sdk.ts";
import { outcomeOf } from "../../unit/signing/draft.ts";
import { publishedUrl } from "../../unit/signing/published_urls.ts";
import {
  referenceCanonical,
  referenceSignature,
  referenceText,
} from "../../unit/signing/reference.ts";
import { folderWith } from "../../support/folder.ts";
import { startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { parsePresignedUrl } from "../../../lib/signing/verify.ts";
import { block, BLOCKS, GUIDES, USED } from "./guide.ts";
import { LANGUAGES, SECRET, sourcesOf } from "./languages.ts";
import { grantedBy, PLAIN_TOKEN, TOKENS } from "./tokens.ts";
import { ROOT } from "../../support/root.ts";
import { finished } from "../../support/finished.ts";

const ENV = { PATH: process.env["PATH"]!, HOME: process.env["HOME"]!, SW_SECRET: SECRET };
const sdk = await requirement("signway-sdk from PyPI", installPythonSdk);

async function outputOf(command: string[], cwd: string): Promise<string> {
  const child = Bun.spawn(command, {
    cwd,
    env: ENV,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { code, stdout, stderr } = await finished(child);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return stdout;
}

/** The guides' examples all sign the same request. */
async function expectExample(url: string): Promise<void> {
  const query = url.trim().slice("https://gateway.example.com/?".length);
  const { upstream, expires, signedAt } = parsePresignedUrl(query);
  expect({ upstream, expires }).toEqual({
    upstream: "https://api.openai.com/v1/chat/completions",
    expires: 60,
  });
  const headers = new Headers({ "content-type": "application/json" });
  const request = { method: "POST", path: "/", query, headers, body: new Uint8Array() };
  const options = { findSecrets: () => [SECRET], now: () => signedAt };
  expect(await outcomeOf(request, options)).toBe("accepted");
}

describe("the example for", () => {
  const python = block("python.md", "python", "sign_url(");
  test.skipIf("reason" in sdk)("the published Python SDK", async () => {
    if ("reason" in sdk) return;
    await expectExample(await outputOf([sdk.value, "-c", python], ROOT));
  });

  test("lib/signing", async () => {
    const script = block("javascript.md", "ts", "signUrl");
    const call = `console.log(await signCompletion(${JSON.stringify(SECRET)}));`;
    await expectExample(await outputOf([process.execPath, "-e", script + call], ROOT));
  });

  test("signToken", async () => {
    const script = block("javascript.md", "ts", "signToken");
    const { secret, subject } = TOKENS.find(({ name }) => name === "quotes and backslashes")!;
    const given = [secret, subject].map((text) => JSON.stringify(text)).join(", ");
    const call = `console.log(await signChatToken(${given}));`;
    const token = (await outputOf([process.execPath, "-e", script + call], ROOT)).trim();
    const asked = { ...PLAIN_TOKEN, secret, subject };
    const granted = await grantedBy(token, asked);
    const iat = granted.issuedAt! / 1000;
    const claims = { iss: "web", iat, exp: iat + 300, sub: subject, sw: { to: asked.to } };
    expect<unknown>(granted.claims).toEqual(claims);
  });
});

describe("a signed body in a shell", () => {
  const seen: unknown[] = [];
  const upstream = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      seen.push(await request.json());
      return new Response("seen");
    },
  });
  const started = startGateway({
    args: ["--upstream", upstream.url.href],
    id: "web",
    secret: SECRET,
  });

  afterAll(async () => {
    await (await started).stop();
    await upstream.stop(true);
  });

  test("arrives by way of a gateway", async () => {
    const gateway = await started;
    const script = [
      block("shell.md", "sh", "sw_sign() ("),
      block("shell.md", "sh", "export SW_GATEWAY").replace(
        "https://gateway.example.com",
        gateway.url,
      ),
      block("shell.md", "sh", ">body.json").replace("curl ", "curl --silent --show-error "),
    ].join("\n");
    await using folder = await folderWith();
    const here = script.replaceAll("https://api.openai.com/", upstream.url.href);
    const output = await outputOf(["sh", "-euc", here], folder.path("."));
    expect(output).toEndWith("seen");
    expect(seen).toEqual([{ model: "gpt-4o-mini", stream: true, messages: [] }]);
  });
});

describe("the worked example", () => {
  const { vector, url } = publishedUrl("signed-body", "ruby");
  const step = (needle: string) => block("README.md", "text", needle).trimEnd();
  const pairs = step("X-Sw-Algorithm=SW1-HMAC-SHA256\nX-Sw-Body").split("\n");
  const canonical = referenceCanonical({
    method: vector.method,
    path: "/",
    pairs,
    headers: [
      ["content-type", vector.headers!["Content-Type"]!],
      ["content-length", String(vector.body!.length)],
    ],
    body: new Uint8Array(Buffer.from(vector.body!)),
  });
  const text = referenceText(canonical, "20261122T090807Z");
  const signature = referenceSignature(text, vector.secret, "20261122");

  test("has the parameters, in order, of a URL that a published SDK made", () => {
    const published = url.split("?")[1]!.split("&").sort();
    expect(pairs).toEqual(published.filter((pair) => !pair.startsWith("X-Sw-Signature=")));
  });

  test("has a canonical request", () => {
    expect(step("POST\n/\n")).toBe(canonical.toString());
  });

  test("has a string to sign", () => {
    expect(step("SW1-HMAC-SHA256\n2026")).toBe(text);
  });

  test("has a signing key that makes the signature", () => {
    const key = new Bun.CryptoHasher("sha256", `SW1-HMAC-SHA256${vector.secret}`);
    const hex = key.update("20261122").digest("hex");
    expect(step(hex)).toBe(hex);
    const mac = new Bun.CryptoHasher("sha256", Buffer.from(hex, "hex")).update(text);
    expect(mac.digest("hex")).toBe(signature);
  });

  test("has the signature of the published SDK, and its URL", () => {
    expect(new URL(url).searchParams.get("X-Sw-Signature")).toBe(signature);
    expect(BLOCKS.some(({ code }) => code === `${signature}\n`)).toBe(true);
    const [final, ...none] = BLOCKS.filter(({ code }) => code.startsWith("http://localhost"));
    expect(none).toEqual([]);
    expect(final!.code).toBe(
      `http://localhost:3000/?${pairs.join("&")}&X-Sw-Signature=${signature}\n`,
    );
    USED.add(final!).add(BLOCKS.find(({ code }) => code === `${signature}\n`)!);
  });
});

test("every code block of the guides is run, or says that it is not", () => {
  for (const language of LANGUAGES) sourcesOf(language);
  // These two run in express_test.ts.
  block("javascript.md", "js", "express.json()");
  block("javascript.md", "js", "signway/signed-fetch");
  const idle = BLOCKS.filter((it) => !USED.has(it));
  for (const { file, before } of idle) {
    expect([file, before]).toEqual([file, expect.stringMatching(/\bNot run\b/)]);
  }
  expect(idle.map(({ file }) => file)).toEqual(["javascript.md", "ruby.md"]);
});

test("the index leads to every guide", async () => {
  const index = await Bun.file(`${ROOT}/docs/signing/README.md`).text();
  const linked = [...index.matchAll(/^\| \S.*?\| \[[^\]]+\]\(([a-z]+\.md)\)/gm)].map(
    ([, file]) => file!,
  );
  expect(linked.sort()).toEqual(GUIDES.filter((file) => file !== "README.md"));
});
