import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseToken } from "../../lib/signing/token/parse_token.ts";
import { folderWith } from "../support/folder.ts";
import { finished } from "../support/finished.ts";
import { freePort } from "../support/free_port.ts";
import { pageShell, waitForGateway } from "../support/page_shell.ts";
import { codeBlock } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { startStreamingApi, WORDS } from "../support/streaming_api.ts";
import { launchChromium } from "./chromium.ts";

const PAGE = await Bun.file(`${ROOT}/docs/getting_started.md`).text();
const API = "https://api.openai.com/v1/";
const SECRET = "a-secret-of-32-bytes-or-so-long.";
// Where the packages of the clients are found.
const CLIENTS = `${ROOT}/tests/clients`;

const chromium = await launchChromium();
const api = startStreamingApi();
const folder = await folderWith();
const port = await freePort();
const gatewayUrl = `http://localhost:${port}`;

/** What the page's first command makes of its flags. */
const APP = {
  id: "${SW_ID}",
  secrets: ["${SW_SECRET}"],
  upstream: [
    {
      url: `${api.url}v1/`,
      provider: "openai",
      headers: { Authorization: "Bearer ${OPENAI_API_KEY}" },
    },
  ],
};

/** What a block has in a language, with this API, this gateway and the secret's file in a folder of its own. */
const block = (language: string, needle: string): string =>
  codeBlock(PAGE, language, needle)
    .replaceAll(API, `${api.url}v1/`)
    .replaceAll("localhost:3000/api.openai.com", `localhost:${port}/${api.url.host}`)
    .replaceAll("sw_secret", folder.path("sw_secret"))
    .replaceAll(/server\.ts (sign|token) /g, `server.ts $1 --gateway ${gatewayUrl} `);

/** Runs commands in a second terminal, which has what the page exported in it. */
async function inSecondTerminal(script: string): Promise<string> {
  const exports = block("sh", 'curl "$(bun server.ts sign').split("\n")[0];
  const { code, stdout } = await finished(pageShell(`${exports}\n${script}`));
  expect(code).toBe(0);
  return stdout;
}

let gateway: ReturnType<typeof pageShell>;
beforeAll(async () => {
  // At this address the provider is not known by its host, and a flag cannot name it.
  const header = "Authorization: Bearer $OPENAI_API_KEY";
  const started = block("sh", "bun server.ts --upstream");
  expect(started).toContain(` --upstream ${api.url}v1/ --header "${header}"`);
  await Bun.write(folder.path("signway.json"), JSON.stringify({ app: [APP] }));
  const start = started.replace(
    /^bun server.ts .*$/m,
    `exec bun server.ts --config ${folder.path("signway.json")}`,
  );
  gateway = pageShell(start, { PORT: String(port) });
  await waitForGateway(gatewayUrl);
}, 60_000);
afterAll(async () => {
  gateway.kill();
  await gateway.exited;
  await api[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  if ("value" in chromium) await chromium.value.close();
});

describe("docs/getting_started.md leads to", () => {
  test("a signed URL that the gateway adds the key to", async () => {
    const listed = await inSecondTerminal(block("sh", 'curl "$(bun server.ts sign'));
    expect(JSON.parse(listed)).toEqual({ data: [{ id: "a-model" }] });
    expect(api.asked.at(-1)?.authorization).toBe("Bearer sk-your-key");
  });

  test("a refusal", async () => {
    const refusal = JSON.parse(await inSecondTerminal(block("sh", "curl -X POST")));
    expect(refusal).toMatchObject({ status: 400, code: "signature_mismatch" });
  });

  test("a streamed answer", async () => {
    const streamed = await inSecondTerminal(block("sh", "curl -N"));
    expect(streamed.match(/^data: \{/gm)).toHaveLength(WORDS.length);
  });

  test("a program with the official SDK and a token", async () => {
    const program = `${folder.path("chat.mjs")}`;
    await Bun.write(program, block("js", "new OpenAI()"));
    const streamed = await inSecondTerminal(
      `${block("sh", "--env openai")}\ncd ${CLIENTS} && bun -e "$(cat ${program})"`,
    );
    expect(streamed).toBe(WORDS.join(""));
  });

  test.skipIf("reason" in chromium)("a page that streams an answer, with its backend", async () => {
    if ("reason" in chromium) return;
    const project = folder.path("page");
    const backendPort = await freePort();
    const install = block("sh", "bun run build:sdk")
      .replace("../page &&", `${project} &&`)
      .replace("../page", project)
      .replace("../signway/", `${ROOT}/`);
    await inSecondTerminal(install);
    const backend = block("ts", "Bun.serve").replace("port: 8000", `port: ${backendPort}`);
    await Bun.write(`${project}/backend.ts`, backend);
    await Bun.write(`${project}/page.ts`, block("ts", "createTokenProvider"));
    await Bun.write(`${project}/index.html`, block("html", "<!doctype html>"));
    const exports = block("sh", 'curl "$(bun server.ts sign').split("\n")[0];
    const served = pageShell(`${exports}\ncd ${project}\nexec bun backend.ts`);
    try {
      const url = `http://localhost:${backendPort}`;
      await waitForGateway(url);
      const page = await chromium.value.newPage();
      await page.goto(url);
      await page.locator("#answer", { hasText: WORDS.join("") }).waitFor();
      const token = await (await fetch(`${url}/token`, { method: "POST" })).text();
      expect(parseToken(token).claims).toMatchObject({
        sub: "user-42",
        sw: { models: ["gpt-5-mini"], max_output_tokens: 800 },
      });
    } finally {
      served.kill();
      await served.exited;
    }
    const { authorization, body } = api.asked.at(-1)!;
    expect(authorization).toBe("Bearer sk-your-key");
    expect(body).toMatchObject({ model: "gpt-5-mini", stream: true });
  });
});

describe("the configuration file", () => {
  const commands = codeBlock(PAGE, "sh", "check signway.toml").trimEnd().split("\n");
  const variables = { SW_SECRET: SECRET, OPENAI_API_KEY: "sk-key" };

  test("needs the variables of the first step, is valid, and signs", async () => {
    await using files = await folderWith({ "signway.toml": codeBlock(PAGE, "toml", "[[app]]") });
    const here = commands.map((it) => it.replace("signway.toml", files.path("signway.toml")));
    const [check = "", sign = "", start] = here;
    const checked = await finished(pageShell(check, variables));
    expect([checked.code, checked.stderr]).toEqual([0, ""]);
    expect(checked.stdout).toContain("GET, POST https://api.openai.com/v1/, with Authorization");
    const signed = new URL((await finished(pageShell(sign, variables))).stdout);
    expect(signed.searchParams.get("X-Sw-Proxy")).toBe(`${API}responses`);
    expect(start).toBe(`bun server.ts --config ${files.path("signway.toml")}`);
  });

  test("starts a gateway for the page of the step before", async () => {
    await using files = await folderWith({ "signway.toml": codeBlock(PAGE, "toml", "[[app]]") });
    const free = String(await freePort());
    const start = commands.at(-1)!.replace("signway.toml", files.path("signway.toml"));
    const started = pageShell(`exec ${start}`, { ...variables, PORT: free });
    try {
      const url = `http://localhost:${free}`;
      await waitForGateway(url);
      const origin = "http://localhost:8000";
      expect(codeBlock(PAGE, "ts", "Bun.serve")).toContain("port: 8000");
      const headers = { origin, "access-control-request-method": "POST" };
      const preflight = await fetch(url, { method: "OPTIONS", headers });
      expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    } finally {
      started.kill();
      await started.exited;
    }
  });
});
