import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseToken } from "../../lib/signing/token/parse_token.ts";
import { folderWith } from "../unit/cli/run_signway.ts";
import { finished } from "../support/finished.ts";
import { freePort } from "../support/free_port.ts";
import { pageShell, waitForGateway } from "../support/page_shell.ts";
import { codeBlock } from "../support/readme.ts";
import { ROOT } from "../support/root.ts";
import { startStreamingApi, WORDS } from "../support/streaming_api.ts";

const PAGE = await Bun.file(`${ROOT}/docs/getting_started.md`).text();
const API = "https://api.openai.com/v1/";
const SIGNING = `${ROOT}/lib/signing`;
const SECRET = "a-secret-of-32-bytes-or-so-long.";
// Where the packages of the clients are found.
const CLIENTS = `${ROOT}/tests/clients`;

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

/** Runs a program where the packages are. */
const run = (program: string): Promise<string> =>
  Bun.$`${process.execPath} -e ${program}`.cwd(CLIENTS).text();

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

  test("a page that gets its tokens from a backend", async () => {
    process.env["SW_SECRET"] = (await Bun.file(folder.path("sw_secret")).text()).trim();
    const backend = folder.path("backend.ts");
    await Bun.write(
      backend,
      block("ts", "export default").replace('"signway"', `"${SIGNING}/mod.ts"`),
    );
    const { default: served } = await import(backend);
    using server = Bun.serve({ ...served, port: 0 });
    const page = block("ts", "createTokenProvider")
      .replace('"signway/signed-fetch"', `"${SIGNING}/signed_fetch.ts"`)
      .replace('fetch("/token")', `fetch("${server.url}token")`);
    const call = codeBlock(PAGE, "js", "new OpenAI()").replace(/^import .*|^const openai .*/gm, "");
    expect((await fetch(`${server.url}other`)).status).toBe(404);
    const { claims } = parseToken(await (await fetch(`${server.url}token`)).text());
    expect(claims).toMatchObject({ sub: "user-42", sw: { models: ["gpt-5-mini"] } });
    expect(await run(`${page}\n${call}`)).toBe(WORDS.join(""));
    expect(api.asked.at(-1)?.body).toMatchObject({ model: "gpt-5-mini" });
  });
});

test("the configuration file is valid, and signs", async () => {
  const commands = codeBlock(PAGE, "sh", "check signway.toml").split("\n");
  await using files = await folderWith({
    sw_previous: "an-older-secret-of-32-bytes-long\n",
    "signway.toml": codeBlock(PAGE, "toml", "[[app]]"),
  });
  const file = files.path("signway.toml");
  const text = await Bun.file(file).text();
  await Bun.write(file, text.replace("/run/secrets/sw_previous", files.path("sw_previous")));
  const env = {
    SW_SECRET: SECRET,
    OPENAI_API_KEY: "sk-key",
    SA_SIGNING_SECRET_KEY: "another-secret-of-32-bytes-long.",
  };
  const [check = "", , sign = ""] = commands.map((it) => it.replace("signway.toml", file));
  const checked = await finished(pageShell(check, env));
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain("POST https://api.openai.com/v1/, with Authorization");
  expect(checked.stdout).toContain("Route /users/");
  const signed = new URL((await finished(pageShell(sign, env))).stdout);
  expect(signed.searchParams.get("X-Sw-Proxy")).toBe(`${API}responses`);
});
