import { describe, expect, test } from "bun:test";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { EXPLAIN_FLAGS } from "../../../lib/cli/arguments/explain_flags.ts";
import type { Explanation } from "../../../lib/signing/explain.ts";
import { signedTarget, type SignedOptions } from "../../support/signed.ts";
import type { Finished } from "../../support/finished.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const ID = "web";
const SECRET = "a secret that nobody may see";
const OTHER = { id: "other", secret: "what nobody else may see" };
const ENV = { SW_ID: ID, SW_SECRET: SECRET };
const GATEWAY = "https://edge.example.net/";
const TARGET = "https://api.example.com/v1/chat?q=a b&r=(c)";
const upstream = [{ url: "https://api.example.com/" }];
const files = {
  "two.json": JSON.stringify({
    max_expires: 900,
    clock_skew: 7200,
    app: [
      { id: OTHER.id, secrets: [OTHER.secret], upstream, max_expires: 600 },
      { id: ID, secrets: ["one that is yet to come, later", SECRET], upstream },
    ],
  }),
  "body.txt": "x",
};
const TWO = ["--config", "two.json"];

function signed(options: SignedOptions = {}, gateway = GATEWAY): string {
  const credential = { id: ID, secret: SECRET };
  return new URL(gateway).origin + signedTarget(gateway, TARGET, { ...credential, ...options });
}

const from = (seconds: number) => ({ now: new Date(Date.now() + seconds * 1000) });

/** Runs the command, and holds its output against what no output may hold. */
async function explain(url: string, args: string[] = [], env: Record<string, string> = ENV) {
  const run = await runSignway(["explain", url, ...args], { env, files });
  expect(run.stderr).toBe("");
  assertNoSecret(run, url);
  if (!args.includes("--json")) {
    for (const line of run.stdout.split("\n")) expect(line).toMatch(/^[^\p{Cc}]{0,80}$/u);
  }
  return run;
}

function assertNoSecret({ stdout, stderr }: Finished, url = ""): void {
  const signature = /X-Sw-Signature=([0-9a-f]{9})/.exec(url)?.[1];
  for (const secret of [SECRET, OTHER.secret, encodeURIComponent(SECRET), signature]) {
    if (secret !== undefined) expect(stdout + stderr).not.toContain(secret);
  }
}

const codesIn = ({ stdout }: Finished) => [...stdout.matchAll(/^- (\w+)$/gm)].map(([, it]) => it);

const HEADER = { headers: { "x-a": "One" } };
const BODY = { method: "POST", body: "x" };

const MISTAKES: [code: string, url: string, args?: string[]][] = [
  ["method_differs", signed({ method: "PUT" }), ["--method", "post"]],
  ["method_case", signed({ method: "get" }), ["--method", "GET"]],
  ["path_prefix_added", signed().replace("net/?", "net/edge/?")],
  ["header_value_case", signed({ headers: { "x-a": "one" } }), ["-H", "X-A: One"]],
  ["header_whitespace", signed({ headers: { "x-a": "a b" } }), ["-H", "X-A: a  b"]],
  ["header_parameter", signed({ headers: { accept: "a/b" } }), ["-H", "Accept: a/b; c=d"]],
  ["header_empty", signed({ headers: { "x-a": "" } }), ["--header", "x-a: 1"]],
  ["signed_header_missing", signed(HEADER)],
  ["content_length_differs", lengthSigned(), ["--body", "x", "-H", "Content-Length: 7"]],
  ["body_absent", signed({ ...BODY, body: "" }), ["--body", "x"]],
  ["body_newline", signed({ ...BODY, body: "x\n" }), ["--body-file", "body.txt"]],
  ["body_whitespace", signed(BODY), ["--body", " x "]],
  ["body_json", signed({ ...BODY, body: '{"a": 1}' }), ["--body", '{"a":1}']],
  ["unknown", signed(BODY), ["--body", "y"]],
  ["body_flag_changed", signed().replace("X-Sw-Body=false", "X-Sw-Body=true")],
  ["expires_changed", signed().replace("X-Sw-Expires=300", "X-Sw-Expires=3000")],
  ["target_scheme", signed().replace("Proxy=https", "Proxy=http")],
  ["target_slash", signed().replace("%2Fchat", "%2Fchat%2F")],
  ["target_cut", signed().replace("%26r%3D", "&r=")],
  ["secret_whitespace", signed({ secret: `${SECRET}\n` })],
  ["secret_quoted", signed({ secret: `"${SECRET}"` })],
  ["secret_empty", signed({ secret: "undefined" })],
  ["secret_is_id", signed({ secret: ID })],
  ["app_unknown", signed({ id: "webb" })],
  ["expired", signed(from(-3600))],
  ["date_in_future", signed(from(3600))],
  ["expires_too_long", signed({ expires: 604_801 })],
  ["html_escaped", signed().replaceAll("&", "&amp;")],
  ["url_cut", signed().split("&")[0]!],
  ["url_encoded_twice", signed().replaceAll("%", "%25")],
  ["signature_cut", signed().slice(0, -1)],
  ["parameter_missing", signed().replace("&X-Sw-Body=false", "")],
  ["url_malformed", "edge.example.net/?X"],
  ["secret_of_other_app", signed({ secret: OTHER.secret }), TWO],
  ["id_swapped", signed({ id: OTHER.id }).replace("=other%2F", "=web%2F"), TWO],
  ["expires_too_long", signed({ expires: 901 }), TWO],
  ["expires_too_long", signed({ ...OTHER, expires: 601 }), TWO],
  ["app_unknown", signed(), [...TWO, "--app", OTHER.id]],
];

describe("signway explain names the mistake, and ends with 1:", () => {
  test.each(MISTAKES.map((row) => [row[0], row] as const))("%s", async (_, [code, url, args]) => {
    const run = await explain(url, args);
    expect(run.code).toBe(1);
    expect(codesIn(run)).toEqual([code]);
    expect(run.stdout).toMatch(/^Refused:$/m);
  });
});

function lengthSigned(): string {
  return signed({ ...BODY, headers: { "content-length": "1" } });
}

describe("signway explain accepts, and ends with 0,", () => {
  test.each<[string, string, string[]]>([
    ["a bare request", signed(), []],
    ["a method that nobody named", signed({ method: "PATCH" }), []],
    ["headers and a body", signed({ ...BODY, ...HEADER }), ["-H", "X-A: One", "--body", "x"]],
    ["a length that the client will set", lengthSigned(), ["--body-file", "body.txt"]],
    ["any secret of the app that it names", signed(), TWO],
    ["an app with limits of its own", signed({ ...OTHER, expires: 600 }), TWO],
    ["a clock as far ahead as the file allows", signed(from(3600)), TWO],
    ["the one app that was chosen", signed(), [...TWO, "--app", ID]],
  ])("%s", async (_, url, args) => {
    const run = await explain(url, args);
    expect(run.stdout).toContain("Accepted: ");
    expect(run.code).toBe(0);
  });
});

test("signway explain says what the URL says, and what was signed", async () => {
  const now = new Date();
  const url = signed({ ...BODY, ...HEADER, now });
  const { stdout } = await explain(url, ["-H", "X-A: One", "--body", "x"]);
  const written = (date: number) => new Date(date).toISOString().replace(/\.\d+/, "");
  for (const line of [
    `Target          ${TARGET}`,
    `Gateway         ${GATEWAY}`,
    `App id          ${ID}`,
    "Method          POST (found by the signature)",
    `Signed          ${written(now.getTime())}`,
    `Expires         ${written(Math.floor(now.getTime() / 1000) * 1000 + 300_000)}, after 300 s`,
    "Signed headers  x-a",
    "Body            signed",
    `Signature       ${/Signature=(.{8})/.exec(url)![1]}..., right`,
    "  | x-a:One",
    "  | SW1-HMAC-SHA256",
  ]) {
    expect(stdout.split("\n")).toContain(line);
  }
  const query = url.slice(url.indexOf("?") + 1).replace(/&X-Sw-Signature=.*/, "");
  expect(stdout.replaceAll("\n    ", "")).toContain(`  | ${query}\n`);
});

test("signway explain --json prints the same as plain data", async () => {
  const good = await explain(signed(), ["--json"]);
  expect(good.code).toBe(0);
  const right = JSON.parse(good.stdout) as Explanation;
  expect(right).toMatchObject({ accepted: true, signature: "right", causes: [] });
  expect(right.parts).toMatchObject({ id: ID, upstream: TARGET, method: "GET" });
  const bad = await explain(signed({ method: "PUT" }), ["--json", "--method", "GET"]);
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    accepted: false,
    causes: [{ code: "method_differs", detail: "PUT", remedy: expect.stringContaining("PUT") }],
  });
});

describe("signway explain without a secret", () => {
  test.each<[string, string]>([
    ["a request", signed()],
    ["headers that nobody gave", signed(HEADER)],
    ["a wrong signature", signed({ secret: "another" })],
  ])("decodes %s", async (_, url) => {
    const run = await explain(url, [], {});
    expect(run.stdout).toContain("\nWell formed and not expired. No secret was given");
    expect(run.stdout).toContain(`Target          ${TARGET}\n`);
    expect(run.code).toBe(0);
  });

  test("refuses what is over or malformed all the same", async () => {
    const expired = await explain(signed(from(-3600)), [], {});
    expect([expired.code, codesIn(expired)]).toEqual([1, ["expired"]]);
    expect(expired.stdout).toContain("\nNo secret was given");
    const cut = await explain(signed().slice(0, -1), [], {});
    expect([cut.code, codesIn(cut)]).toEqual([1, ["signature_cut"]]);
  });
});

describe("signway explain never prints", () => {
  test.each([[[]], [["--json"]]])("a secret that stands in the URL: %j", async (args) => {
    const query = `?key=${encodeURIComponent(SECRET)}&plus=${SECRET.replaceAll(" ", "+")}`;
    const url = `https://edge.example.net${signedTarget(GATEWAY, `https://a.example/${query}`, {
      id: SECRET,
      secret: SECRET,
    })}`;
    const run = await explain(url, args, { SW_ID: SECRET, SW_SECRET: SECRET });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("[secret]");
    expect(run.stdout.replace(/[\s"|]/g, "")).not.toMatch(/nobody/i);
  });

  test("the signature of a signed URL in the target", async () => {
    const inner = signed();
    const url = `https://edge.example.net${signedTarget(GATEWAY, inner, { id: ID, secret: SECRET })}`;
    const { stdout } = await explain(url);
    const signature = /Signature=(.{64})/.exec(inner)![1]!;
    expect(stdout.replace(/\s/g, "")).toContain(`${signature.slice(0, 8)}...`);
    expect(stdout.replace(/\s/g, "")).not.toContain(signature.slice(0, 9));
  });

  test("the escape sequences of a target", async () => {
    const target = "https://a.example/\u001b[2J\u009b1m\u202e";
    const url = `https://edge.example.net${signedTarget(GATEWAY, target, { id: ID, secret: SECRET })}`;
    const { stdout } = await explain(url);
    expect(stdout).toContain(String.raw`https://a.example/\u{1b}[2J\u{9b}1m\u{202e}`);
  });
});

describe("signway explain ends with 2 when it is asked wrongly:", () => {
  test.each<[args: string[], complaint: RegExp, env?: Record<string, string>]>([
    [[], /^explain needs exactly one URL or token, in quotes$/],
    [["https://a.example/", "b"], /^explain needs exactly one URL/],
    [["https://a.example/", "--method", "FETCH"], /^--method must be one of GET/],
    [["https://a.example/", "--method", "GET", "--body", "x"], /^--method GET allows no body/],
    [["https://a.example/", "-H", "canary"], /^--header number 1 must have the form/],
    [["https://a.example/", "-H", "A: b", "-H", "a: c"], /^--header sets a twice$/],
    [["https://a.example/", "--body", "a", "--body-file", "b"], /^--body and --body-file/],
    [["https://a.example/", "--body-file", "nowhere"], /^--body-file: nowhere does not exist$/],
    [["https://a.example/", "--expires", "60"], /^unknown option --expires/],
    [["https://a.example/", "--app", ID], /^--app needs --config/],
    [["https://a.example/", "--config", "no.json"], /^--config: no\.json does not exist$/],
    [["https://a.example/", ...TWO, "--app", "x"], /no app with this id: .* other, web$/],
    [["https://a.example/"], /^there is no app id: /, { SW_SECRET: SECRET }],
    [["https://a.example/"], /^there is no secret: /, { SW_ID: ID, SW_SECRET: "" }],
  ])("%j", async (args, complaint, env = ENV) => {
    const run = await runSignway(["explain", ...args], { env, files });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringMatching(complaint)]);
    expect(run.stderr).toEndWith("Try 'signway explain --help'.\n");
    expect(run.stderr).not.toContain("canary");
    assertNoSecret(run);
  });
});

test("signway explain --help names every option in 80 columns", async () => {
  const text = helpText("explain");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  for (const name of Object.keys(EXPLAIN_FLAGS)) expect(text).toContain(`--${name}`);
  expect(await runSignway(["explain", "-h"])).toEqual({ code: 0, stdout: text, stderr: "" });
});
