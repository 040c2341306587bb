import { describe, expect, test } from "bun:test";
import { parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { TRY_FLAGS } from "../../../lib/cli/arguments/try_flags.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { tryOut } from "../../../lib/cli/commands/try.ts";
import { ConfigError } from "../../../lib/config/config_error.ts";
import { signToken } from "../../../lib/signing/mod.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const SECRET = "a long secret that nobody may ever see";
const TO = "https://api.openai.com/v1/chat/completions";
const CHAT = '{"model":"m","messages":[]}';
const files: Record<string, string> = {
  "signway.json": JSON.stringify({
    public_path: "/in/",
    app: [
      {
        id: "web",
        secrets: [SECRET],
        upstream: [{ url: "https://api.openai.com/v1/", headers: { Authorization: "canary" } }],
      },
    ],
    route: [{ path: "/open/", upstream: "http://127.0.0.1:1/", signature: "none" }],
  }),
  "broken.json": '{"app": 1}',
  "chat.json": CHAT,
};
const keys = { access_key_id: "canary", secret_access_key: "canary-of-a-secret" };
const client = { client_id: "canary", client_secret: "canary-of-a-secret" };
const rules = [
  { url: "https://query.example/", query: { key: "canary", Token: "canary+2" } },
  {
    ...{ url: "https://both.example/", query: { key: "canary" } },
    headers: { "X-Key": "canary" },
  },
  { url: "https://signed.example/", aws: { region: "eu-west-1", service: "s3", ...keys } },
  { url: "https://fetched.example/", aws: { region: "eu-west-1", service: "s3", from: "imds" } },
  {
    url: "https://token.example/",
    oauth: {
      token_url: "https://idp.example/token?canary",
      grant: "client_credentials",
      ...client,
    },
  },
];
files["rules.json"] = JSON.stringify({ app: [{ id: "web", secrets: [SECRET], upstream: rules }] });
const CONFIG = ["--config", "signway.json"];
const sign = (limits: object = {}) => signToken({ id: "web", secret: SECRET, ...limits });
const TOKEN = await sign({ to: [`POST ${TO}`], models: ["m"], maxOutputTokens: 7 });
const PREFIX = await sign({ to: ["https://api.openai.com/v1/"] });
const MALFORMED = TOKEN.replace(".", ".e30");

/** Runs the command in this process. */
async function tried(args: string[], input = "") {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const { output, isForwarded } = await tryOut(parseArguments(args, TRY_FLAGS), {
    env: {},
    read: (path) => files[path],
    readBytes: (path) => (path in files ? bytes(files[path]!) : undefined),
    readInput: async () => bytes(input),
    now: new Date(),
  });
  const text = typeof output === "string" ? output : new TextDecoder().decode(output);
  return { output: text, isForwarded };
}

describe("signway try finds the target", () => {
  test.each<[what: string, limits: object, args: string[], target: string]>([
    ["in the token", { to: [TO] }, [], TO],
    ["in the token, for two methods", { to: [`GET ${TO}`, `POST ${TO}`] }, [], TO],
    ["in --target", { to: ["https://api.openai.com/v1/"] }, ["--target", TO], TO],
    ["in --target, without its query", {}, ["--target", `${TO}?canary=1`], TO],
  ])("%s", async (_, limits, args, target) => {
    const token = await sign(limits);
    const run = await tried([...CONFIG, "--token", token, "--json", ...args]);
    expect(run).toMatchObject({ isForwarded: true });
    expect(JSON.parse(run.output)).toEqual({
      ...{ method: "GET", target, edited: [] },
      added: ["Authorization"],
    });
  });

  test.each(["http://localhost/in/open/a?b", "https://gateway.example/open/a?b"])(
    "in --url, %s",
    async (url) => {
      const { output } = await tried([...CONFIG, "--url", url, "--method", "delete", "--json"]);
      const target = "http://127.0.0.1:1/open/a";
      expect(JSON.parse(output)).toEqual({
        ...{ method: "DELETE", target, edited: [] },
        added: [],
      });
    },
  );

  test("of the handshake of a WebSocket under a policy", async () => {
    const token = await sign({ models: ["m"] });
    const target = "https://api.openai.com/v1/realtime?model=m";
    const upgrade = ["--header", "Upgrade: websocket", "--header", "Connection: Upgrade"];
    const args = [...CONFIG, "--token", token, "--target", target, ...upgrade, "--json"];
    const { output, isForwarded } = await tried(args);
    expect([isForwarded, JSON.parse(output).method]).toEqual([true, "GET"]);
    const post = await tried([...args, "--method", "POST"]);
    expect(post.isForwarded).toBe(false);
    expect(post.output).toContain("websocket_not_granted");
  });

  test("nowhere for a token that is malformed, which is refused", async () => {
    const { output, isForwarded } = await tried([...CONFIG, "--token", MALFORMED]);
    expect(isForwarded).toBe(false);
    expect(JSON.parse(output)).toMatchObject({ status: expect.any(Number) });
  });
});

describe("signway try reads", () => {
  const capped = '{"model":"m","messages":[],"max_completion_tokens":7}\n';
  test("the body from a file, or from the standard input", async () => {
    const args = [...CONFIG, "--token", TOKEN, "--body"];
    expect(await tried([...args, "chat.json"])).toEqual({ output: capped, isForwarded: true });
    expect((await tried([...args, "-"], CHAT)).output).toBe(capped);
  });

  test("the token from the standard input", async () => {
    const args = [...CONFIG, "--token", "-", "--body", "chat.json"];
    expect((await tried(args, `${TOKEN}\n`)).output).toBe(capped);
  });

  test("the address of the client, and headers", async () => {
    const token = await sign({ to: [TO], ips: ["2001:db8::/64"], origins: ["https://a.example"] });
    const args = [...CONFIG, "--token", token, "--header", "Origin: https://a.example"];
    expect((await tried([...args, "--ip", "2001:db8::1"])).isForwarded).toBe(true);
    expect((await tried([...args, "--ip", "2001:db9::1"])).isForwarded).toBe(false);
    expect((await tried(args)).isForwarded).toBe(false);
  });

  test("a body that is no JSON, and prints it as text", async () => {
    const args = ["--config", "signway.json", "--url", "http://localhost/open/", "--body", "-"];
    expect((await tried(args, 'a "b"\n')).output).toBe('a "b"\n');
    const { output } = await tried([...args, "--json"], 'a "b"\n');
    expect(JSON.parse(output)).toMatchObject({ method: "POST", body: 'a "b"' });
  });
});

describe("signway try --json names what is added, without a value,", () => {
  test.each<[host: string, added: string[]]>([
    ["query", ["key in the query", "Token in the query"]],
    ["both", ["X-Key", "key in the query"]],
    ["signed", ["a signature of AWS for s3 in eu-west-1"]],
    ["fetched", ["a signature of AWS for s3 in eu-west-1, with keys from the instance"]],
    ["token", ["an access token of https://idp.example/token"]],
  ])("for %s.example", async (host, added) => {
    const target = `https://${host}.example/x?KEY=mine&%74oken=mine`;
    const args = ["--config", "rules.json", "--token", await sign({}), "--target", target];
    const { output } = await tried([...args, "--json"]);
    expect(JSON.parse(output)).toMatchObject({ target: `https://${host}.example/x`, added });
    expect(output).not.toMatch(/canary|mine/);
    expect((await tried(args)).output).toBe("");
  });
});

describe("signway try ends with 2 when it is asked wrongly:", () => {
  test.each<[args: string[], mistakes: RegExp[]]>([
    [["canary"], [/^try takes options only: .* write 'signway serve ID SECRET'$/]],
    [[], [/^--config is missing: name the gateway's file$/, /^try needs either --token or --url$/]],
    [CONFIG, [/^try needs either --token or --url$/]],
    [[...CONFIG, "--token", TOKEN, "--url", TO], [/^try needs either --token or --url$/]],
    [[...CONFIG, "--url", TO, "--target", TO], [/^--target needs --token: --url has the target/]],
    [[...CONFIG, "--url", "canary"], [/^--url is not an absolute http or https URL/]],
    [[...CONFIG, "--token", TOKEN, "--target", "canary"], [/^--target is not an absolute http/]],
    [[...CONFIG, "--token", PREFIX], [/^--target is missing: the token does not name a single/]],
    [[...CONFIG, "--token", "can ary"], [/^--token is no token: it is empty, or has a space/]],
    [[...CONFIG, "--token", TOKEN, "--body", "no"], [/^--body: no does not exist$/]],
    [[...CONFIG, "--token", "-", "--body", "-"], [/^--token and --body cannot both be -/]],
    [[...CONFIG, "--token", TOKEN, "--method", "x"], [/^--method must be one of GET, HEAD/]],
    [
      [...CONFIG, "--token", TOKEN, "--method", "get", "--body", "chat.json"],
      [/^--method GET allows no body: the gateway refuses it$/],
    ],
    [
      [...CONFIG, "--token", TOKEN, "--header", "canary"],
      [/^--header number 1 must have the form/],
    ],
    [
      [...CONFIG, "--token", TOKEN, "--ip", "10.0.0.0/8"],
      [/^--ip is not an IPv4 or IPv6 address$/],
    ],
    [["--config", "no.json", "--token", TOKEN], [/^--config: no\.json does not exist$/]],
    [["--config", "broken.json", "--token", TOKEN], [/^app must be a list$/]],
  ])("row %#", async (args, mistakes) => {
    const error: unknown = await tried(args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    const found = (error as ConfigError).mistakes;
    expect(found).toEqual(mistakes.map((mistake) => expect.stringMatching(mistake)));
    expect(found.join()).not.toMatch(/canary|eyJ|long secret/);
  });
});

describe("signway try as a process", () => {
  const run = (args: string[], input?: string) =>
    runSignway(["try", ...CONFIG, ...args], { files, ...(input !== undefined && { input }) });

  test("prints the body and ends with 0", async () => {
    const { stdout, stderr, code } = await run(["--token", TOKEN, "--body", "-"], CHAT);
    const capped = '{"model":"m","messages":[],"max_completion_tokens":7}\n';
    expect({ stdout, stderr, code }).toEqual({ stdout: capped, stderr: "", code: 0 });
  });

  test("prints the problem document and ends with 1", async () => {
    const { stdout, stderr, code } = await run(["--token", TOKEN, "--body", "-"], '{"model":"n"}');
    expect({ stderr, code }).toEqual({ stderr: "", code: 1 });
    expect(JSON.parse(stdout)).toMatchObject({ status: 403, code: "model_not_granted" });
    expect(stdout).not.toMatch(/canary|eyJ|long secret/);
  });

  test("ends with 2 and a hint when it is asked wrongly", async () => {
    const wrong = await run([]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(wrong)).toEqual(["try needs either --token or --url"]);
    expect(wrong.stderr).toEndWith("Try 'signway try --help'.\n");
  });
});

test("signway try --help is at most 80 columns wide and names every option", () => {
  const text = helpText("try");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  for (const name of Object.keys(TRY_FLAGS)) expect(text).toContain(`--${name}`);
  expect(helpText()).toMatch(/^ {2}signway try /m);
});
