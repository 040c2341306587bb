import { afterAll, describe, expect, test } from "bun:test";
import { SIGN_FLAGS } from "../../../lib/cli/arguments/sign_flags.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { parsePresignedUrl } from "../../../lib/signing/verify.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { folderWith } from "../../support/folder.ts";
import { PROGRAM, runSignway } from "../../support/run_signway.ts";
import { finished } from "../../support/finished.ts";

const { id, secret } = CREDENTIAL;
const ENV = { SW_ID: id, SW_SECRET: secret };

const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const seen = {
      method: request.method,
      foo: request.headers.get("x-foo"),
      empty: request.headers.get("x-empty"),
      body: Buffer.from(await request.arrayBuffer()).toString("base64"),
    };
    return Response.json(seen, { headers: { "x-seen": request.method } });
  },
});
const TARGET = `${upstream.url}path?a=1&b=x%20y`;
const gateway = await startGateway({ args: ["--upstream", upstream.url.href] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

/** Runs a command as a reader would, in a folder with these files. */
async function shell(command: string, files: Record<string, Uint8Array | string> = {}) {
  await using folder = await folderWith();
  for (const [name, content] of Object.entries(files)) {
    await Bun.write(folder.path(name), content);
  }
  const { PATH = "", HOME = "" } = process.env;
  const functions = [
    `signway() { '${PROGRAM}' "$@"; }`,
    'curl() { command curl --silent --show-error "$@"; }',
  ];
  const child = Bun.spawn(["sh", "-ec", [...functions, command].join("\n")], {
    cwd: folder.path("."),
    env: { PATH, HOME, ...ENV, GATEWAY: gateway.url, TARGET },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return await finished(child);
}

/** What the upstream saw of a command's request. */
async function seenBy(command: string, files: Record<string, Uint8Array | string> = {}) {
  const { stdout, stderr, code } = await shell(command, files);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return JSON.parse(stdout) as Record<"method" | "foo" | "empty" | "body", string>;
}

describe("signway sign prints a URL alone", () => {
  test("that curl can use as it stands", async () => {
    const command = 'curl "$(signway sign "$TARGET" --gateway "$GATEWAY")"';
    expect(await seenBy(command)).toMatchObject({ method: "GET", body: "" });
  });

  test("on one line, with what was asked for", async () => {
    const run = await runSignway(
      ["sign", TARGET, "--method", "put", "--expires", "60", "-h", "X-Foo: a b", "-H", "Accept: c"],
      { env: ENV },
    );
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/^http:\/\/localhost:3000\/\?[!-~]+\n$/);
    expect(parsePresignedUrl(run.stdout.trim().split("?")[1]!)).toMatchObject({
      id,
      expires: 60,
      upstream: TARGET,
      signedHeaders: ["x-foo", "accept"],
      signedBody: false,
    });
  });
});

const ODD_BODIES: [name: string, body: string][] = [
  ["quotes of all kinds", `it's "so" \`quoted\` '' $HOME $(false) \\ \\' !! *`],
  ["newlines", "\na\r\nb\n\n c\t\n"],
  ["more than ASCII", '{"prompt": "¿Qué tal? 你好 🚀👩‍🔬"}'],
  ["an @ at the start", "@body.bin"],
  ["a dash at the start", "--data x"],
  ["nothing", ""],
];

describe("signway sign --curl prints a command that sh runs, with a body of", () => {
  test.each(ODD_BODIES)("%s", async (_, body) => {
    const args = ["sign", TARGET, "--gateway", gateway.url, `--body=${body}`, "--curl"];
    const run = await runSignway(args, { env: ENV });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).not.toContain(secret);
    const seen = await seenBy(run.stdout, { "body.bin": "another" });
    expect(seen.method).toBe("POST");
    expect(Buffer.from(seen.body, "base64").toString()).toBe(body);
  });

  test.each([["body.bin"], ["it's a body.bin"], ["-"], ["@body"]])("the file %s", async (name) => {
    const bytes = Uint8Array.from({ length: 600 }, (_, i) => i % 256);
    const sign = `signway sign "$TARGET" --gateway "$GATEWAY" --method PUT --curl`;
    const command = `eval "$(${sign} --body-file '${name.replaceAll("'", String.raw`'\''`)}')"`;
    const seen = await seenBy(command, { [name]: bytes });
    expect(seen.method).toBe("PUT");
    expect(Buffer.from(seen.body, "base64")).toEqual(Buffer.from(bytes));
  });
});

describe("signway sign --curl prints a command that sh runs, with", () => {
  test("headers, one of them without a value", async () => {
    const sign = `signway sign "$TARGET" --gateway "$GATEWAY" --curl`;
    const command = `eval "$(${sign} -H "X-Foo: it's  \\"so\\"; a" --header X-Empty:)"`;
    expect(await seenBy(command)).toMatchObject({ foo: `it's  "so"; a`, empty: "" });
  });

  test("every method that the gateway takes", async () => {
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const { method: seen } = await seenBy(curlFor(method));
      expect(seen).toBe(method);
    }
    const { stdout, code } = await shell(curlFor("HEAD"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1.1 200/);
    expect(stdout).toMatch(/^x-seen: HEAD/im);
  });

  test("a gateway whose path holds brackets", async () => {
    const run = await runSignway(["sign", TARGET, "--gateway", "http://[::1]/[a-b]", "--curl"], {
      env: ENV,
    });
    expect(run.stdout).toContain(" --globoff ");
    expect(run.stdout).toContain(" 'http://[::1]/[a-b]/?X-Sw");
  });
});

function curlFor(method: string): string {
  const sign = `signway sign "$TARGET" --gateway "$GATEWAY" --method ${method} --curl`;
  return `eval "$(${sign})"`;
}

test("signway sign --json prints the URL and what belongs to it", async () => {
  const args = ["sign", TARGET, "--gateway", gateway.url, "-H", "X-Foo: foo", "--body", "é"];
  const run = await runSignway([...args, "--json"], { env: ENV });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).not.toContain(secret);
  const { url, signed_at, expires_at, ...rest } = JSON.parse(run.stdout) as Record<string, string>;
  expect(rest).toEqual({
    method: "POST",
    headers: { "x-foo": "foo" },
    body: "é",
    id,
    gateway: gateway.url,
    upstream: TARGET,
    expires: 300,
  } as unknown as Record<string, string>);
  expect(Date.parse(expires_at!) - Date.parse(signed_at!)).toBe(300_000);
  expect(parsePresignedUrl(url!.split("?")[1]!).signedAt).toBe(Date.parse(signed_at!));
  const response = await fetch(url!, { method: "POST", headers: { "x-foo": "foo" }, body: "é" });
  expect(await response.json()).toMatchObject({ foo: "foo" });
});

test("signway sign warns of what a gateway refuses by default", async () => {
  const long = await runSignway(["sign", `${TARGET}&c=${"c".repeat(15_300)}`, "--expires=604801"], {
    env: ENV,
  });
  expect(long.code).toBe(0);
  expect(long.stderr).toMatch(/604801 s, but by default a gateway allows only 604800 s\n/);
  expect(long.stderr).toMatch(
    /the URL has 15\d{3} characters, but a gateway accepts at most 15360\n/,
  );
});

describe("signway sign --help", () => {
  const text = helpText("sign");
  test("is at most 80 columns wide and names every option", () => {
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    for (const name of Object.keys(SIGN_FLAGS)) expect(text).toContain(`--${name}`);
  });

  test.each([["--help"], ["-h"]])("%s", async (flag) => {
    expect(await runSignway(["sign", flag])).toEqual({ code: 0, stdout: text, stderr: "" });
  });
});
