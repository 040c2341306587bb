import { afterAll, describe, expect, test } from "bun:test";
import { TOKEN_FLAGS } from "../../../lib/cli/arguments/token_flags.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { verifyToken } from "../../../lib/signing/verify.ts";
import { finished } from "../../support/finished.ts";
import { startGateway } from "../../support/gateway.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";

const ID = "web";
const SECRET = "a long secret that nobody may ever see";
const ENV = { SW_ID: ID, SW_SECRET: SECRET };
const TO = "POST https://api.example.com/v1/chat";
const GATEWAY = ["--gateway", "https://gateway.example.com/in/"];

const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => Response.json(new URL(request.url).pathname),
});
const api = upstream.url.origin;
const gateway = await startGateway({ args: [ID, SECRET, "--upstream", `${api}/v1/`] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

/** Runs the command to its good end, and returns what it prints. */
async function print(args: string[], files: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr, code } = await runSignway(["token", ...args], { env: ENV, files });
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).not.toContain(SECRET);
  return stdout;
}

/** The claims of a token that the app's secret signed, without its times. */
async function claimsOf(token: string): Promise<Record<string, unknown>> {
  const { claims, header } = await verifyToken(token, {
    findSecrets: (id) => (id === ID ? [SECRET] : undefined),
    audience: "here",
  });
  expect(header).toEqual({ algorithm: "HS256" });
  const { iat, exp, ...others } = claims;
  return { ...others, life: Number(exp) - Number(iat) };
}

describe("signway token prints a token alone", () => {
  test("on one line, which lasts 300 seconds and limits nothing", async () => {
    const output = await print([]);
    expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}\n$/);
    expect(await claimsOf(output.trim())).toEqual({ iss: ID, life: 300, sw: {} });
  });

  test("with limits that count, and an id to count by", async () => {
    const output = await print([
      ...["--uses", "3", "--rate", "60/min burst 5", "--concurrent", "2", "--bytes", "1000"],
      ...["--tokens", "5000", "--cost", "0.05", "--audience", "here"],
    ]);
    const { jti, sw } = await claimsOf(output.trim());
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(sw).toEqual({
      uses: 3,
      rate: "60/min burst 5",
      concurrent: 2,
      bytes: 1000,
      tokens: 5000,
      cost: 0.05,
    });
  });

  test("with limits that count of a file, which options override", async () => {
    const claims = '{"uses": 5, "rate": "1/s", "cost": 1.50, "on_abort": "drain"}';
    const output = await print(["--claims", "a.json", "--uses", "3"], { "a.json": claims });
    expect((await claimsOf(output.trim()))["sw"]).toMatchObject({
      uses: 3,
      rate: "1/s",
      on_abort: "drain",
    });
  });

  test("with what every option says", async () => {
    const output = await print([
      ...["--to", "post,get https://API.example.com:443/v1/", "--to", "http://b.example"],
      ...["--origin", "https://a.example", "--origin", "http://localhost:5173"],
      ...["--ip", "10.0.0.0/8", "--ip", "2001:db8::1", "--seconds", "60"],
      ...["--model", "gpt-5-mini", "--model", "o*", "--max-output-tokens", "800"],
      ...["--allow", "tools", "--allow", "tools:web_search", "--policy", "a", "--policy", "b.c"],
      ...["--expires", "7200", "--subject", "Zoë 🦊", "--audience", "here", "--id", ID],
    ]);
    expect(await claimsOf(output.trim())).toEqual({
      iss: ID,
      sub: "Zoë 🦊",
      aud: "here",
      life: 7200,
      sw: {
        to: ["POST,GET https://api.example.com/v1/", "http://b.example/"],
        origins: ["https://a.example", "http://localhost:5173"],
        ips: ["10.0.0.0/8", "2001:db8::1"],
        seconds: 60,
        models: ["gpt-5-mini", "o*"],
        max_output_tokens: 800,
        allow: ["tools", "tools:web_search"],
        policy: ["a", "b.c"],
      },
    });
  });

  test("with every key of the claim sw from a file", async () => {
    const sw = {
      to: [TO],
      origins: ["https://a.example"],
      ips: ["10.0.0.1"],
      seconds: 9,
      models: ["a"],
      max_output_tokens: 7,
      on_excess: "refuse",
      allow: ["n"],
      system: "Be kind.",
      tools: ["search", "read_*"],
      body: {
        patch: [{ op: "add", path: "/a", value: 1.5 }],
        schema: { properties: { a: { multipleOf: 0.5 } } },
      },
      policy: ["p"],
    };
    const files = { "sw.json": JSON.stringify(sw) };
    const output = await print(["--claims", "sw.json"], files);
    expect((await claimsOf(output.trim()))["sw"]).toEqual(sw);
    const args = ["--max-output-tokens", "6", "--model", "b", "--policy", "q", "--allow", "beta"];
    const narrowed = await print(["--claims", "sw.json", ...args], files);
    expect((await claimsOf(narrowed.trim()))["sw"]).toEqual({
      ...sw,
      ...{ models: ["b"], max_output_tokens: 6, allow: ["beta"], policy: ["q"] },
    });
  });

  test("with the limits of a file under those of the options", async () => {
    const sw = { to: ["https://a.example"], origins: ["https://b.example"], seconds: 9 };
    const files = { "sw.json": JSON.stringify(sw) };
    const output = await print(["--claims", "sw.json", "--seconds", "8", "--to", TO], files);
    expect(await claimsOf(output.trim())).toMatchObject({
      sw: { to: [TO], origins: ["https://b.example"], seconds: 8 },
    });
    const unchanged = await print(["--claims", "sw.json"], files);
    expect(await claimsOf(unchanged.trim())).toMatchObject({
      sw: { ...sw, to: ["https://a.example/"] },
    });
  });

  test("that a gateway accepts, within its limits", async () => {
    const authorization = `Bearer ${(await print(["--to", `GET ${api}/v1/a`])).trim()}`;
    const url = `${gateway.url}/${new URL(api).host}`;
    const granted = await fetch(`${url}/v1/a`, { headers: { authorization } });
    expect([granted.status, await granted.text()]).toEqual([200, '"/v1/a"']);
    const refused = await fetch(`${url}/v1/b`, { headers: { authorization } });
    expect([refused.status, refused.headers.get("x-sw-problem")]).toEqual([
      403,
      "target_not_granted",
    ]);
  });
});

test("signway token --json prints the token, its claims and its end", async () => {
  const output = JSON.parse(await print(["--json", "--subject", "a", "--to", TO]));
  const { iat, exp } = output.claims;
  expect(output).toEqual({
    token: expect.any(String),
    claims: { iss: ID, sub: "a", iat, exp: iat + 300, sw: { to: [TO] } },
    expires_at: new Date(exp * 1000).toISOString(),
  });
  expect(await claimsOf(output.token)).toMatchObject({ iss: ID, sub: "a" });
});

describe("signway token --env prints commands that sh runs, for", () => {
  const quoted = ["--gateway", "https://gateway.example.com/it's/$HOME/"];
  const clients: [client: string, url: string, key: string, args: string[], expected: string][] = [
    ["openai", "OPENAI_BASE_URL", "OPENAI_API_KEY", GATEWAY, "in/api.example.com/v1"],
    ["openai", "OPENAI_BASE_URL", "OPENAI_API_KEY", quoted, "it's/$HOME/api.example.com/v1"],
    ["anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", GATEWAY, "in/api.example.com"],
    ["google", "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", GATEWAY, "in/api.example.com"],
  ];
  test.each(clients)("%s, %s", async (client, url, key, args, expected) => {
    const output = await print(["--env", client, "--to", TO, ...args]);
    expect(output).toMatch(new RegExp(`^export ${url}='.*'\\nexport ${key}='[\\w.-]+'\\n$`));
    const { stdout, code } = await shell(`${output}printenv ${url} ${key}`);
    expect(code).toBe(0);
    const [baseUrl, token = ""] = stdout.split("\n");
    expect(baseUrl).toBe(`https://gateway.example.com/${expected}`);
    expect(await claimsOf(token)).toMatchObject({ sw: { to: [TO] } });
  });

  test("a host with a port, and targets at one origin", async () => {
    const targets = ["--to", "https://[::1]:8443/v1/", "--to", "GET https://[::1]:8443/v2/"];
    const output = await print(["--env", "openai", ...targets]);
    expect(output).toStartWith("export OPENAI_BASE_URL='http://localhost:3000/[::1]:8443/v1'\n");
  });
});

describe("signway token --mcp prints a URL", () => {
  test("with a token for this server alone", async () => {
    const output = await print(["--mcp", "https://MCP.example.com/mcp?a=b%20c", ...GATEWAY]);
    const [, token = "", rest] =
      /^https:\/\/gateway\.example\.com\/in\/~([\w.-]+)\/(.*)\n$/.exec(output) ?? [];
    expect(rest).toBe("mcp.example.com/mcp?a=b%20c");
    expect(await claimsOf(token)).toMatchObject({ sw: { to: ["https://mcp.example.com/mcp"] } });
  });

  test("with the targets that are given", async () => {
    const to = "GET,POST https://mcp.example.com/";
    const output = await print(["--mcp", "https://mcp.example.com/mcp", "--to", to, ...GATEWAY]);
    expect(await claimsOf(/~([^/]+)/.exec(output)![1]!)).toMatchObject({ sw: { to: [to] } });
  });

  test("that a gateway accepts", async () => {
    const output = await print(["--mcp", `${api}/v1/mcp`, "--gateway", gateway.url]);
    const response = await fetch(output.trim());
    expect([response.status, await response.text()]).toEqual([200, '"/v1/mcp"']);
  });
});

/** Runs a command as a reader would. */
async function shell(command: string) {
  await using folder = await folderWith();
  const child = Bun.spawn(["sh", "-ec", command], {
    cwd: folder.path("."),
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return await finished(child);
}

describe("signway token --help", () => {
  const text = helpText("token");
  test("is at most 80 columns wide and names every option", () => {
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    for (const name of Object.keys(TOKEN_FLAGS)) expect(text).toContain(`--${name}`);
    expect(helpText()).toMatch(/^ {2}signway token /m);
  });

  test.each([["--help"], ["-h"]])("%s", async (flag) => {
    expect(await runSignway(["token", flag])).toEqual({ code: 0, stdout: text, stderr: "" });
    expect(await runSignway(["help", "token"])).toEqual({ code: 0, stdout: text, stderr: "" });
  });
});
