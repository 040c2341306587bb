import { afterAll, describe, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { signToken } from "../../../lib/signing/mod.ts";
import { finished } from "../../support/finished.ts";
import { startGateway } from "../../support/gateway.ts";
import { codeBlock } from "../../support/code_blocks.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { folderWith } from "../../support/folder.ts";
import { installPythonSdks } from "../python/provider_sdks.ts";
import { type Api, CLIENTS } from "./clients.ts";
import { tableRow } from "./clients_table.ts";
import { findNode } from "./runtimes.ts";
import { KEYS, startProviders } from "./stage.ts";

const PAGE = await Bun.file(`${ROOT}/docs/clients.md`).text();
const SECRET = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
const PATIENCE_MS = 120_000;

// Node finds the packages from there.
const SNIPPETS = `${import.meta.dirname}/.cache/snippets`;
/** Installed already, so that npm needs no network. It runs in each version of Node that npm may have here. */
const OPENAI_PACKAGE = `${import.meta.dirname}/node_modules/openai-6`;
await mkdir(SNIPPETS, { recursive: true });

const HOSTS: readonly (readonly [string, Api])[] = [
  ["api.openai.com", "openai"],
  ["api.anthropic.com", "anthropic"],
  ["generativelanguage.googleapis.com", "google"],
];
const providers = startProviders();
const folder = await folderWith({ "signway.toml": here(codeBlock(PAGE, "toml", "[[app]]")) });
const gateway = await startGateway({
  args: ["--config", folder.path("signway.toml")],
  env: {
    SW_SECRET: SECRET,
    OPENAI_API_KEY: KEYS.openai,
    ANTHROPIC_API_KEY: KEYS.anthropic,
    GEMINI_API_KEY: KEYS.google,
  },
});
const backend = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async () => new Response(await signToken({ id: "web", secret: SECRET })),
});
const node = await requirement("Node 22", () => findNode("node-22"));
const python = await requirement("Python with SDKs", () => installPythonSdks("python"));

afterAll(async () => {
  await Promise.all([gateway.stop(), backend.stop(true), folder[Symbol.asyncDispose]()]);
  for (const provider of Object.values(providers)) await provider[Symbol.asyncDispose]();
});

/** Code of the page, with the addresses of the fake APIs. */
function here(code: string): string {
  const replace = (text: string, [host, api]: (typeof HOSTS)[number]) =>
    text
      .replaceAll(`https://${host}`, providers[api].origin)
      .replaceAll(`/${host}`, `/${providers[api].host}`);
  return HOSTS.reduce(replace, code);
}

/** The same, with the address of the gateway. */
function snippet(language: string, needle: string): string {
  const { origin } = new URL(gateway.url);
  return here(codeBlock(PAGE, language, needle)).replaceAll("https://gateway.example.com", origin);
}

/** Runs a command in a shell, with this Bun as `bun`; resolves with its output. */
async function printed(script: string): Promise<string> {
  const { HOME = "" } = process.env;
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  const env = { HOME, PATH, SW_ID: "web", SW_SECRET: SECRET };
  const options = { cwd: ROOT, env, stdout: "pipe", stderr: "pipe" } as const;
  const { stdout, stderr } = await finished(Bun.spawn(["sh", "-ec", script], options));
  expect(stderr).toBe("");
  return stdout;
}

/** Runs a program in Node, after the lines of a shell. */
async function runInNode(name: string, code: string, before = ""): Promise<string> {
  if ("reason" in node) throw new Error(node.reason);
  const file = `${SNIPPETS}/${name.replaceAll(/\W+/g, "_")}.ts`;
  await Bun.write(file, code);
  return printed(`${before}\n"${node.value}" --no-warnings "${file}"`);
}

describe.skipIf("reason" in node)("a snippet in JavaScript", () => {
  const getToken = codeBlock(PAGE, "ts", "createTokenProvider")
    .replace('"signway/signed-fetch"', JSON.stringify(`${ROOT}/lib/signing/signed_fetch.ts`))
    .replace('"/token"', JSON.stringify(backend.url.href));

  test.concurrent.each([
    ["openai", "new OpenAI(", "openai"],
    ["openai", "new OpenAI(", "openai-6"],
    ["@anthropic-ai/sdk", "content[0]", "@anthropic-ai/sdk"],
    ["@anthropic-ai/sdk", "finalText", "@anthropic-ai/sdk"],
    ["@anthropic-ai/sdk", "finalText", "anthropic-0"],
    ["@google/genai", "new GoogleGenAI(", "@google/genai"],
    ["@google/genai", "new GoogleGenAI(", "genai-2"],
    ["@google/genai", "new GoogleGenAI(", "genai-1"],
    ["@ai-sdk/openai", "= createOpenAI(", "@ai-sdk/openai"],
    ["@ai-sdk/openai-compatible", "= createOpenAICompatible(", "@ai-sdk/openai-compatible"],
    ["@ai-sdk/anthropic", "= createAnthropic(", "@ai-sdk/anthropic"],
    ["@ai-sdk/google", "= createGoogleGenerativeAI(", "@ai-sdk/google"],
    ["@langchain/openai", "new ChatOpenAI(", "@langchain/openai"],
  ])(
    "of %s with %s gets its answer by %s",
    async (name, needle, installed) => {
      const code = snippet("ts", needle).replace(`from "${name}"`, `from "${installed}"`);
      expect(await runInNode(`${installed} ${needle}`, getToken + code)).toBe("Hello\n");
    },
    PATIENCE_MS,
  );
});

describe("the variables of signway token", () => {
  const OPENAI = `import OpenAI from "openai";
    const request = { model: "m", input: "Hello" };
    console.log((await new OpenAI().responses.create(request)).output_text);`;
  const LANGCHAIN = `import { ChatOpenAI } from "@langchain/openai";
    console.log((await new ChatOpenAI({ model: "m" }).invoke("Hello")).text);`;
  const ANTHROPIC = `import Anthropic from "@anthropic-ai/sdk";
    const messages = [{ role: "user", content: "Hello" }];
    const { content } = await new Anthropic().messages.create({ model: "m", max_tokens: 9, messages });
    console.log(content[0].text);`;
  const GOOGLE = `import { GoogleGenAI } from "@google/genai";
    const request = { model: "m", contents: "Hello" };
    console.log((await new GoogleGenAI({}).models.generateContent(request)).text);`;

  test.concurrent.skipIf("reason" in python).each([
    ["openai", "from openai"],
    ["openai", "from langchain_openai"],
    ["anthropic", "from anthropic"],
    ["google", "from google"],
  ])(
    "%s are read by Python, %s",
    async (api, needle) => {
      if ("reason" in python) throw new Error(python.reason);
      const script = `${snippet("sh", `--env ${api}`)}\n"${python.value}" - <<'END'`;
      expect(await printed(`${script}\n${snippet("python", needle)}END`)).toBe("Hello\n");
    },
    PATIENCE_MS,
  );

  test.concurrent.skipIf("reason" in node).each([
    ["openai", OPENAI],
    ["openai", LANGCHAIN],
    ["anthropic", ANTHROPIC],
    ["google", GOOGLE],
  ])(
    "%s are read by JavaScript",
    async (api, code) => {
      const before = snippet("sh", `--env ${api}`);
      expect(await runInNode(`environment ${code.split('"')[1]}`, code, before)).toBe("Hello\n");
    },
    PATIENCE_MS,
  );
});

describe("the configuration of the page", () => {
  const target = `${providers.openai.host}/v1/models`;
  const ask = async (method: string, headers: Record<string, string>, expires = 300) => {
    const token = await signToken({ id: "web", secret: SECRET, expires });
    const authorization = `Bearer ${token}`;
    const url = new URL(target, gateway.url);
    return fetch(url, { method, headers: method === "OPTIONS" ? headers : { authorization } });
  };

  test.each([
    ["https://app.example.com", "https://app.example.com"],
    ["http://localhost:5173", null],
  ])("a page of %s may call: %p", async (origin, allowed) => {
    const headers = { origin, "access-control-request-method": "POST" };
    const response = await ask("OPTIONS", headers);
    expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
  });

  test("no other method, and no longer life", async () => {
    const codes = [await ask("GET", {}), await ask("POST", {}, 901)].map(({ headers }) =>
      headers.get("x-sw-problem"),
    );
    expect(codes).toEqual(["target_not_allowed", "token_lifetime_too_long"]);
  });
});

test.skipIf("reason" in node)(
  "three commands lead from the package to a page",
  async () => {
    const sdk = folder.path("sdk");
    const build = [process.execPath, `${ROOT}/build/npm_package/main.ts`, sdk];
    await finished(Bun.spawn(build, { stdout: "pipe", stderr: "pipe" }));
    const getToken = codeBlock(PAGE, "ts", "createTokenProvider").replace(
      '"/token"',
      JSON.stringify(backend.url.href),
    );
    const work = folder.path("page");
    await Bun.write(`${work}/chat.js`, getToken + snippet("ts", "new OpenAI("));
    await Bun.write(`${work}/package.json`, "{}");
    const commands = codeBlock(PAGE, "sh", "npm install openai")
      .replaceAll("/path/to/dist/sdk", sdk)
      .replace("npm install openai", `npm install --offline --loglevel error "${OPENAI_PACKAGE}"`)
      .replace("npm pack", "npm pack --silent");
    const output = await printed(`cd "${work}"\n${commands}\nbun public/chat.js`);
    expect(output).toContain("signway-0.1.0.tgz\n");
    expect(output).toEndWith("Hello\n");
    expect(await Bun.file(`${work}/public/chat.js`).text()).not.toMatch(/^import .*from/m);
  },
  PATIENCE_MS,
);

test("Google's SDK adds the version of the API that the page names", () => {
  const client = (headers: Headers) => headers.get("x-goog-api-client") ?? "";
  const requests = providers.google.requests.filter(({ headers }) => /node/.test(client(headers)));
  const versions = requests.map(({ path, headers }) => [
    /genai-sdk\/([\d.]+)/.exec(client(headers))?.[1],
    path.split("/")[1],
  ]);
  expect(Object.fromEntries(versions)).toEqual({
    "1.30.0": "v1beta",
    "2.18.0": "v1beta",
    "3.3.0": "v1",
  });
});

test("the runtimes are those that the packages allow", async () => {
  for (const { entry, packages, runtimes } of CLIENTS) {
    if (runtimes.includes("Python")) continue;
    const allows = await Promise.all(packages.map(({ installed }) => allowsNode20(installed)));
    expect([entry, runtimes.includes("Node 20")]).toEqual([entry, !allows.includes(false)]);
  }
});

async function allowsNode20(installed: string): Promise<boolean> {
  const { engines } = await Bun.file(
    `${import.meta.dirname}/node_modules/${installed}/package.json`,
  ).json();
  return Bun.semver.satisfies("20.20.2", engines?.node ?? "*");
}

test("the table has what the matrix runs", () => {
  const rows = PAGE.slice(PAGE.indexOf("## What is run")).matchAll(/^\| (`.*`) +\|$/gm);
  const cells = [...rows].map(([, row]) => row!.split("|").map((cell) => cell.trim()));
  expect(cells).toEqual(CLIENTS.map(tableRow));
});
